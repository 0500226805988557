package io.upm.runtime.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.upm.host.plugin.PluginKey;
import io.upm.runtime.RuntimeMetrics;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.api.PluginPackageStatus.Phase;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import io.upm.runtime.definition.Definitions;
import io.upm.runtime.definition.Narrowing;
import io.upm.runtime.engine.Breaker;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.PluginDirectory;
import io.upm.runtime.kube.Events;
import io.upm.runtime.kube.Gone;
import io.upm.runtime.kube.Guard;
import io.upm.runtime.kube.Nudges;
import io.upm.runtime.kube.StatusWriter;
import io.upm.spi.Problem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Decides for one Plugin which build serves, and tells how that goes. What it writes into the
 * status is what {@link PluginFollower} carries out.
 */
@ControllerConfiguration(
    name = "plugin",
    fieldManager = PluginReconciler.FIELD_MANAGER,
    generationAwareEventProcessing = false)
public final class PluginReconciler implements Reconciler<Plugin> {
  static final String FIELD_MANAGER = "upm-plugin";

  /** UnitSets come and go without an event here; counting them costs next to nothing. */
  private static final Duration COUNT_AGAIN = Duration.ofMinutes(1);

  /** As above, while a UnitSet stands in the way. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

  private final Parts parts;
  private final StatusWriter<PluginPackageStatus, Plugin> statuses;
  private final Nudges<Plugin> nudges = new Nudges<>("plugin-nudges");
  private volatile boolean stopping;

  /**
   * What the reconciler works with.
   *
   * @param uses the UnitSets that there are
   */
  record Parts(
      KubernetesClient client,
      PluginDirectory plugins,
      Stages stages,
      Wishes wishes,
      Supplier<List<UnitSetUse>> uses,
      Events events,
      RuntimeMetrics metrics,
      InstantSource clock) {}

  PluginReconciler(Parts parts) {
    this.parts = parts;
    // Events are made of what happens to builds, not of conditions alone.
    this.statuses =
        new StatusWriter<>(
            parts.events(), parts.clock(), Plugin::new, PluginPackageStatus::conditions, Set.of());
  }

  @Override
  public List<EventSource<?, Plugin>> prepareEventSources(EventSourceContext<Plugin> context) {
    parts.stages().onChange(id -> nudges.nudge(new ResourceID(id)));
    parts.plugins().onRetirement(key -> nudges.nudge(new ResourceID(key.id())));
    parts.plugins().onTrouble(key -> nudges.nudge(new ResourceID(key.id())));
    parts.plugins().onTrip(key -> nudges.nudge(new ResourceID(key.id())));
    parts.plugins().onChange(engine -> context.getPrimaryCache().list().forEach(nudges::nudge));
    return List.of(nudges.source());
  }

  @Override
  public UpdateControl<Plugin> reconcile(Plugin plugin, Context<Plugin> context) {
    return parts
        .metrics()
        .reconciliation("Plugin", () -> Guard.contain(plugin, () -> look(plugin)));
  }

  /** To be called before the informers stop. */
  public void stop() {
    stopping = true;
  }

  @Override
  public ErrorStatusUpdateControl<Plugin> updateErrorStatus(
      Plugin plugin, Context<Plugin> context, Exception failure) {
    return Gone.orRetry(plugin, failure);
  }

  private UpdateControl<Plugin> look(Plugin plugin) {
    boolean over = plugin.getMetadata().getDeletionTimestamp() != null || stopping;
    if (over || plugin.getSpec() == null) {
      return UpdateControl.noUpdate();
    }
    PluginView view = observe(plugin);
    PluginDecision decision = DecidePlugin.decide(view);
    PluginPackageStatus status = PluginReport.status(view, decision);
    UpdateControl<Plugin> control = write(plugin, status, decision, again(view, decision));
    if (control.isPatchStatus()) {
      parts.events().publish(plugin, PluginReport.notes(plugin.getStatus(), status), view.now());
      count(Wishes.id(plugin), status);
      if (decision.retreat().isPresent()) {
        parts.metrics().rolledBack(Wishes.id(plugin));
      }
    }
    return control;
  }

  /**
   * What arrives while it is fetched isn't worth a write each time. All else is what the replicas
   * and the user wait for.
   */
  private UpdateControl<Plugin> write(
      Plugin plugin, PluginPackageStatus status, PluginDecision decision, Duration again) {
    return DecidePlugin.FETCHING.equals(decision.reason())
        ? statuses.write(plugin, status, Optional.of(again))
        : statuses.writeAtOnce(plugin, status, Optional.of(again));
  }

  private static Duration again(PluginView view, PluginDecision decision) {
    return switch (decision.reason()) {
      case DecidePlugin.IN_USE -> LOOK_AGAIN;
      case DecideCanary.CANARY -> untilPauseIsOver(view);
      default -> COUNT_AGAIN;
    };
  }

  /** No UnitSet may try it when the pause is over; one may any time. */
  private static Duration untilPauseIsOver(PluginView view) {
    Duration left = DecideCanary.left(view);
    return left.isPositive() && left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN;
  }

  private void count(String id, PluginPackageStatus status) {
    Map<String, Long> phases =
        status.versions().stream()
            .map(VersionStatus::phase)
            .collect(Collectors.groupingBy(Phase::name, Collectors.counting()));
    parts.metrics().pluginVersions(id, phases);
  }

  private PluginView observe(Plugin plugin) {
    Wishes wishes = parts.wishes();
    Optional<Problem> problem = PluginRules.check(plugin);
    boolean fulfilled = wishes.fulfilled(plugin);
    Optional<Wish> wanted =
        problem.isPresent()
                || fulfilled
                || plugin.getSpec().suspended()
                || DecideRollback.tookBack(plugin)
            ? Optional.empty()
            : Optional.of(wishes.wanted(plugin));
    Optional<Stages.State> arrived = wanted.map(parts.stages()::of);
    return new PluginView(
        plugin,
        problem.stream().toList(),
        fulfilled,
        arrived,
        wishes.serving(plugin).map(parts.stages()::of),
        engines(),
        builds(plugin),
        arrived.map(state -> definitions(plugin, state)).orElse(List.of()),
        calls(plugin),
        parts.plugins().builtIn(Wishes.id(plugin)).map(PluginKey::version),
        parts.uses().get(),
        parts.clock().instant());
  }

  /** Read for a build that may serve next, which is seldom. */
  private List<JsonNode> definitions(Plugin plugin, Stages.State state) {
    if (!(state instanceof Stages.State.Ready ready)) {
      return List.of();
    }
    var names = new TreeSet<String>();
    ready.staged().findings().stream()
        .flatMap(findings -> findings.definitions().stream())
        .forEach(definition -> names.add(Narrowing.name(definition)));
    parts.plugins().engines().stream()
        .filter(engine -> engine.plugin().id().equals(Wishes.id(plugin)))
        .flatMap(engine -> engine.crds().stream())
        .forEach(yaml -> names.add(Definitions.read(yaml).getMetadata().getName()));
    var definitions = parts.client().apiextensions().v1().customResourceDefinitions();
    return names.stream()
        .flatMap(name -> Optional.ofNullable(definitions.withName(name).get()).stream())
        .map(Definitions::tree)
        .toList();
  }

  private Map<String, PluginKey> engines() {
    return parts.plugins().all().stream()
        .collect(
            Collectors.toMap(engine -> engine.descriptor().engine(), Engine::plugin, (a, b) -> a));
  }

  private Map<String, PluginView.Calls> calls(Plugin plugin) {
    var calls = new HashMap<String, PluginView.Calls>();
    for (VersionStatus entry : Wishes.entries(plugin)) {
      String digest = Wishes.bare(entry.digest());
      Breaker breaker =
          parts.plugins().breaker(new PluginKey(Wishes.id(plugin), entry.version(), digest));
      calls.put(digest, new PluginView.Calls(breaker.trip(), breaker.tally()));
    }
    return calls;
  }

  private Map<String, PluginView.Build> builds(Plugin plugin) {
    var builds = new HashMap<String, PluginView.Build>();
    for (VersionStatus entry : Wishes.entries(plugin)) {
      String digest = Wishes.bare(entry.digest());
      var key = new PluginKey(Wishes.id(plugin), entry.version(), digest);
      parts
          .plugins()
          .inMemory(key)
          .ifPresent(loaded ->
              builds.put(
                  digest,
                  new PluginView.Build(
                      loaded.phase(),
                      loaded.inFlight(),
                      parts.plugins().holder(key),
                      loaded.trouble())));
    }
    return builds;
  }
}
