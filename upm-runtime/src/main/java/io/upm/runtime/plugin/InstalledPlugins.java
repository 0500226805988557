package io.upm.runtime.plugin;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.upm.runtime.RuntimeMetrics;
import io.upm.runtime.api.Names;
import io.upm.runtime.engine.PluginDirectory;
import io.upm.runtime.engine.PluginTrial;
import io.upm.runtime.kube.Events;
import io.upm.runtime.kube.ServedKinds;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** Everything about Plugin objects, put together. */
public final class InstalledPlugins implements AutoCloseable {
  private final Parts parts;
  private final Wishes wishes;
  private final Stages stages;
  private final PluginFollower follower;

  /**
   * What it works with.
   *
   * @param plugins what serves is told to it
   * @param settings of this installation
   */
  public record Parts(
      KubernetesClient client,
      PluginDirectory plugins,
      PluginSettings settings,
      RuntimeMetrics metrics,
      InstantSource clock,
      MeterRegistry registry) {}

  public InstalledPlugins(Parts parts) {
    this.parts = parts;
    PluginSettings settings = parts.settings();
    var cache = new PluginCache(settings.cache(), parts.clock());
    var signatures = new Signatures(settings.trust().keys());
    this.wishes = new Wishes(settings.trust().signaturePolicy());
    this.stages =
        new Stages(
            new Staging(
                cache,
                new SourceFetcher(
                    settings.trust(),
                    new PullSecrets(parts.client(), settings.namespace())::ofWish),
                signatures,
                new PluginTrial(settings.work()),
                new TckRule(settings.trust().tckPolicy(), signatures)),
            new FetchMeters(parts.registry()),
            parts.clock());
    this.follower =
        new PluginFollower(
            new PluginFollower.Parts(
                parts.client(), parts.plugins(), stages, cache, wishes, parts.metrics()::noPlugin));
  }

  /** Whether the API server knows the kind; Helm upgrades no CRDs. */
  public static boolean isServed(KubernetesClient client) {
    return ServedKinds.has(client, Names.PLUGIN_VERSION, "plugins");
  }

  /** Serves what was served before, and follows the objects from then on. */
  public void start() throws InterruptedException {
    follower.start();
  }

  /**
   * Waits, up to a few seconds, until this process has what any other replica says that it serves.
   */
  public void catchUp() {
    follower.catchUp();
  }

  /** Decides, in the process that leads. */
  public PluginReconciler reconciler(Events events, Supplier<List<UnitSetUse>> uses) {
    return new PluginReconciler(
        new PluginReconciler.Parts(
            parts.client(),
            parts.plugins(),
            stages,
            wishes,
            uses,
            events,
            parts.metrics(),
            parts.clock()));
  }

  @Override
  public void close() {
    follower.close();
  }
}
