package io.upm.runtime;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.upm.runtime.backup.BackupReconciler;
import io.upm.runtime.backup.ScheduleReconciler;
import io.upm.runtime.call.GrpcCallReconciler;
import io.upm.runtime.kube.Events;
import io.upm.runtime.kube.LeanClient;
import io.upm.runtime.pki.CertificateAuthority;
import io.upm.runtime.project.ProjectReconciler;
import io.upm.runtime.provision.DatabaseReconciler;
import io.upm.runtime.provision.DatabaseUserReconciler;
import io.upm.runtime.provision.ProvisionParts;
import io.upm.runtime.testing.AcmeEngine;
import io.upm.runtime.testing.PretendedAgents;
import io.upm.runtime.testing.TestCluster;
import io.upm.runtime.topology.TopologyObjects;
import io.upm.runtime.unit.AgentImage;
import io.upm.runtime.unit.UnitReconciler;
import io.upm.runtime.unitset.UnitSetReconciler;
import io.upm.spi.Problem;
import io.upm.spi.topology.SetView;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** The runtime's controllers in this process, for one namespace. */
final class RunningControllers implements AutoCloseable {
  private final KubernetesClient client;
  private final Controllers controllers;
  private final PretendedAgents agents;
  private final AcmeEngine engine = new AcmeEngine();

  RunningControllers(TestCluster cluster) {
    this(cluster, new PretendedAgents());
  }

  /** Beside agents that are there already. */
  RunningControllers(TestCluster cluster, PretendedAgents agents) {
    this(cluster, agents, builder -> builder, () -> {});
  }

  /**
   * @param settings of the controllers' own client
   * @param lost told when another process leads, or nobody can
   */
  RunningControllers(
      TestCluster cluster, UnaryOperator<KubernetesClientBuilder> settings, Runnable lost) {
    this(cluster, new PretendedAgents(), settings, lost);
  }

  private RunningControllers(
      TestCluster cluster,
      PretendedAgents agents,
      UnaryOperator<KubernetesClientBuilder> settings,
      Runnable lost) {
    this.agents = agents;
    client =
        settings
            .apply(LeanClient.builder().withConfig(cluster.client().getConfiguration()))
            .build();
    Clock clock = Clock.systemUTC();
    CertificateAuthority authority = cluster.authority();
    var metrics = new RuntimeMetrics(new SimpleMeterRegistry());
    var units =
        new UnitReconciler(
            new UnitReconciler.Parts(
                client,
                engine,
                agents,
                authority,
                new Events(client, "unit", "test"),
                metrics,
                new AgentImage("upm.local/nothing:1", true),
                clock));
    controllers =
        new Controllers(
            client,
            new Controllers.Scope(
                cluster.namespace(), UUID.randomUUID().toString(), Set.of(cluster.namespace())),
            new LeaderCallbacks(() -> {}, lost, leader -> {}),
            new Controllers.Reconcilers(
                new UnitSetReconciler(
                    new UnitSetReconciler.Parts(
                        client,
                        engine,
                        new NoTopologies(),
                        new Events(client, "unitset", "test"),
                        metrics,
                        clock)),
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
                        engine,
                        units,
                        new NoTopologies(),
                        new Events(client, "backup", "test"),
                        metrics,
                        clock)),
                new ScheduleReconciler(
                    new ScheduleReconciler.Parts(
                        client,
                        engine,
                        new Events(client, "backupschedule", "test"),
                        metrics,
                        clock)),
                new DatabaseReconciler(
                    new ProvisionParts(
                        client,
                        engine,
                        units,
                        new NoTopologies(),
                        new Events(client, "database", "test"),
                        metrics,
                        clock)),
                new DatabaseUserReconciler(
                    new ProvisionParts(
                        client,
                        engine,
                        units,
                        new NoTopologies(),
                        new Events(client, "databaseuser", "test"),
                        metrics,
                        clock)),
                Optional.empty()));
    controllers.start();
  }

  PretendedAgents agents() {
    return agents;
  }

  /** Has every object looked at again. */
  void nudgeAll() {
    engine.installed(true);
  }

  @Override
  public void close() {
    controllers.close();
    client.close();
  }

  /** Of engines that have none. */
  static final class NoTopologies implements TopologyObjects {
    @Override
    public List<Problem> own(String engine, String namespace, SetView set, OwnerReference owner) {
      return List.of();
    }

    @Override
    public void disown(String engine, String namespace, String set, String ownerUid) {}

    @Override
    public Optional<TopologyState> state(String engine, String namespace, String name) {
      return Optional.empty();
    }

    @Override
    public Optional<String> successor(String engine, String namespace, String name, String node) {
      return Optional.empty();
    }

    @Override
    public void onChange(BiConsumer<String, String> listener) {}
  }
}
