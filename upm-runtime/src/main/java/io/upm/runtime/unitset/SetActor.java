package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.addon.AddOns;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.kube.Applier;
import io.upm.runtime.kube.Attempts;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.topology.TopologyObjects;
import io.upm.runtime.unitset.SetDecision.TopologyStep;
import io.upm.spi.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what was decided for a UnitSet. The only place that writes; each write is idempotent. */
final class SetActor {
  /** Field manager of UnitSets' children. */
  static final String FIELD_MANAGER = "upm-unitset";

  private static final Logger LOG = LoggerFactory.getLogger(SetActor.class);

  private final KubernetesClient client;
  private final Applier applier;
  private final TopologyObjects topologies;
  private final AddOns addOns;

  SetActor(KubernetesClient client, TopologyObjects topologies, AddOns addOns) {
    this.client = client;
    this.applier = new Applier(client, FIELD_MANAGER);
    this.topologies = topologies;
    this.addOns = addOns;
  }

  /**
   * Acts.
   *
   * @return one sentence for each thing that was refused
   */
  List<String> act(SetView view, SetDecision decision) {
    var attempts = new Attempts();
    Map<String, Service> services = byName(view.services());
    for (Service service : decision.services()) {
      String name = service.getMetadata().getName();
      attempts.run(
          "the Service \"%s\"".formatted(name), () -> applier.apply(service, services.get(name)));
    }
    Map<String, Unit> units = byName(view.units());
    for (Unit unit : decision.units()) {
      String name = unit.getMetadata().getName();
      attempts.run("the Unit \"%s\"".formatted(name), () -> applier.apply(unit, units.get(name)));
    }
    addOns(view, decision.addOns(), attempts);
    var failures = new ArrayList<String>(attempts.failures());
    failures.addAll(topology(view.set(), decision.topology()));
    for (Service service : decision.surplusServices()) {
      LOG.info("deleting Service {}", service.getMetadata().getName());
      client.resource(service).delete();
    }
    decision.removed().ifPresent(this::remove);
    return failures;
  }

  private void addOns(SetView view, AddOnDecision decision, Attempts attempts) {
    Map<String, GenericKubernetesResource> live =
        view.addOns().objects().stream()
            .collect(Collectors.toMap(AddOnDecision::id, Function.identity()));
    for (GenericKubernetesResource object : decision.wanted()) {
      String id = AddOnDecision.id(object);
      attempts.run("the %s".formatted(id), () -> applier.apply(object, live.get(id)));
    }
    for (GenericKubernetesResource object : decision.surplus()) {
      LOG.info("deleting {}", AddOnDecision.id(object));
      attempts.run("to delete " + AddOnDecision.id(object), () -> client.resource(object).delete());
    }
    addOns.await(decision.missing());
  }

  private List<String> topology(UnitSet set, TopologyStep step) {
    String engine = set.getSpec().type();
    String namespace = set.getMetadata().getNamespace();
    return switch (step) {
      case TopologyStep.Leave leave -> List.of();
      case TopologyStep.Own own ->
          topologies.own(engine, namespace, own.set(), Owners.controller(set)).stream()
              .map(Problem::sentence)
              .toList();
      case TopologyStep.Disown disown -> {
        topologies.disown(
            engine, namespace, set.getMetadata().getName(), set.getMetadata().getUid());
        yield List.of();
      }
    };
  }

  /** In the foreground: the Unit is there until its Pod is gone, and the next one waits for it. */
  private void remove(Unit unit) {
    LOG.info("removing Unit {}", unit.getMetadata().getName());
    client.resource(unit).withPropagationPolicy(DeletionPropagation.FOREGROUND).delete();
  }

  private static <T extends io.fabric8.kubernetes.api.model.HasMetadata> Map<String, T> byName(
      List<T> objects) {
    return objects.stream()
        .collect(Collectors.toMap(object -> object.getMetadata().getName(), Function.identity()));
  }
}
