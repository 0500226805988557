package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.upm.runtime.addon.AddOns;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.runtime.engine.SetRef;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.topology.TopologyObjects;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Reads what a decision about a UnitSet depends on, from caches where there are any. */
final class SetObserver {
  private static final Duration WARM_UP = Duration.ofSeconds(30);

  private final SetReferences references;
  private final EngineRegistry engines;
  private final TopologyObjects topologies;
  private final AddOns addOns;
  private final InstantSource clock;
  private final AtomicReference<@Nullable Instant> began = new AtomicReference<>();

  SetObserver(
      KubernetesClient client,
      EngineRegistry engines,
      TopologyObjects topologies,
      AddOns addOns,
      InstantSource clock) {
    this.references = new SetReferences(client);
    this.engines = engines;
    this.topologies = topologies;
    this.addOns = addOns;
    this.clock = clock;
  }

  SetView observe(UnitSet set, Context<UnitSet> context) {
    String type = set.getSpec().type();
    Instant now = clock.instant();
    return new SetView(
        set,
        new SetView.Engines(
            engines.all().stream().map(engine -> engine.descriptor().engine()).sorted().toList(),
            engines.findOrServing(
                type,
                set.getSpec().pluginVersion(),
                new SetRef(set.getMetadata().getNamespace(), set.getMetadata().getName()))),
        context
            .getSecondaryResourcesAsStream(Unit.class)
            .filter(unit -> Owners.controls(set, unit))
            .toList(),
        context
            .getSecondaryResourcesAsStream(Service.class)
            .filter(service -> Owners.controls(set, service))
            .toList(),
        new AddOnDecision.View(addOns.available(), addOns.of(set)),
        references.read(set),
        new SetView.Topology(
            topologies.state(type, set.getMetadata().getNamespace(), set.getMetadata().getName()),
            now.isBefore(began(now).plus(WARM_UP))),
        now);
  }

  /**
   * The same, with the unit that can take over from the one that takes writes. That is the plugin's
   * knowledge, and only asked for when a decision depends on it.
   */
  SetView withSuccessor(SetView view) {
    UnitSet set = view.set();
    return view.withSuccessor(
        topologies.successor(
            set.getSpec().type(),
            set.getMetadata().getNamespace(),
            set.getMetadata().getName(),
            view.source()));
  }

  /** When the first UnitSet was looked at, which is when this process became the leader. */
  private Instant began(Instant now) {
    began.compareAndSet(null, now);
    Instant first = began.get();
    return first == null ? now : first;
  }
}
