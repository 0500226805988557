package io.upm.runtime;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.upm.runtime.backup.BackupReconciler;
import io.upm.runtime.backup.ScheduleReconciler;
import io.upm.runtime.call.GrpcCallReconciler;
import io.upm.runtime.engine.ImageOverrides;
import io.upm.runtime.engine.PluginDirectory;
import io.upm.runtime.kube.Events;
import io.upm.runtime.plugin.InstalledPlugins;
import io.upm.runtime.plugin.PluginSettings;
import io.upm.runtime.project.ProjectReconciler;
import io.upm.runtime.provision.DatabaseReconciler;
import io.upm.runtime.provision.DatabaseUserReconciler;
import io.upm.runtime.provision.ProvisionParts;
import io.upm.runtime.testing.PretendedAgents;
import io.upm.runtime.testing.TestCluster;
import io.upm.runtime.unit.AgentImage;
import io.upm.runtime.unit.UnitReconciler;
import io.upm.runtime.unitset.UnitSetReconciler;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A runtime that follows Plugin objects, in this process. */
final class RunningPlugins implements AutoCloseable {
  private final KubernetesClient client;
  private final PluginDirectory plugins;
  private final InstalledPlugins installed;
  private final Controllers controllers;
  private final PretendedAgents agents = new PretendedAgents();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  /**
   * @param root with {@code built-in}; a process of its own writes into {@code work}
   */
  RunningPlugins(TestCluster cluster, Path root, PluginSettings settings)
      throws InterruptedException {
    this(cluster, root, settings, Set.of(cluster.namespace()));
  }

  /** As above, in these namespaces. */
  RunningPlugins(TestCluster cluster, Path root, PluginSettings settings, Set<String> namespaces)
      throws InterruptedException {
    client = new KubernetesClientBuilder().withConfig(cluster.client().getConfiguration()).build();
    Clock clock = Clock.systemUTC();
    var metrics = new RuntimeMetrics(registry);
    plugins =
        new PluginDirectory(
            root.resolve("built-in"),
            root.resolve("work-" + UUID.randomUUID()),
            ImageOverrides.NONE);
    installed =
        new InstalledPlugins(
            new InstalledPlugins.Parts(client, plugins, settings, metrics, clock, registry));
    installed.start();
    var sets =
        new UnitSetReconciler(
            new UnitSetReconciler.Parts(
                client,
                plugins,
                new RunningControllers.NoTopologies(),
                new Events(client, "unitset", "test"),
                metrics,
                clock));
    var units =
        new UnitReconciler(
            new UnitReconciler.Parts(
                client,
                plugins,
                agents,
                cluster.authority(),
                new Events(client, "unit", "test"),
                metrics,
                new AgentImage("upm.local/nothing:1", true),
                clock));
    plugins.labelsOfSets(sets::labels);
    controllers =
        new Controllers(
            client,
            new Controllers.Scope(settings.namespace(), UUID.randomUUID().toString(), namespaces),
            new LeaderCallbacks(() -> {}, () -> {}, leader -> {}),
            new Controllers.Reconcilers(
                sets,
                units,
                new ProjectReconciler(
                    client, new Events(client, "project", "test"), metrics, clock),
                new GrpcCallReconciler(
                    new GrpcCallReconciler.Parts(
                        client,
                        agents,
                        units,
                        new Events(client, "grpccall", "test"),
                        metrics,
                        clock)),
                new BackupReconciler(
                    new BackupReconciler.Parts(
                        client,
                        plugins,
                        units,
                        new RunningControllers.NoTopologies(),
                        new Events(client, "backup", "test"),
                        metrics,
                        clock)),
                new ScheduleReconciler(
                    new ScheduleReconciler.Parts(
                        client,
                        plugins,
                        new Events(client, "backupschedule", "test"),
                        metrics,
                        clock)),
                new DatabaseReconciler(
                    new ProvisionParts(
                        client,
                        plugins,
                        units,
                        new RunningControllers.NoTopologies(),
                        new Events(client, "database", "test"),
                        metrics,
                        clock)),
                new DatabaseUserReconciler(
                    new ProvisionParts(
                        client,
                        plugins,
                        units,
                        new RunningControllers.NoTopologies(),
                        new Events(client, "databaseuser", "test"),
                        metrics,
                        clock)),
                Optional.of(
                    installed.reconciler(new Events(client, "plugin", "test"), sets::uses))));
    controllers.start();
  }

  PluginDirectory plugins() {
    return plugins;
  }

  PretendedAgents agents() {
    return agents;
  }

  SimpleMeterRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    controllers.close();
    installed.close();
    plugins.close();
    client.close();
  }
}
