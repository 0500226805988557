package io.upm.runtime;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.upm.runtime.api.Names;
import io.upm.runtime.backup.BackupReconciler;
import io.upm.runtime.backup.ScheduleReconciler;
import io.upm.runtime.call.GrpcCallReconciler;
import io.upm.runtime.kube.Changes;
import io.upm.runtime.kube.LeanCloner;
import io.upm.runtime.kube.LeanStore;
import io.upm.runtime.kube.ServedKinds;
import io.upm.runtime.plugin.InstalledPlugins;
import io.upm.runtime.plugin.PluginReconciler;
import io.upm.runtime.project.ProjectReconciler;
import io.upm.runtime.provision.DatabaseReconciler;
import io.upm.runtime.provision.DatabaseUserReconciler;
import io.upm.runtime.unit.UnitReconciler;
import io.upm.runtime.unitset.UnitSetReconciler;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controllers of the runtime's own kinds. A standby has its caches filled and does nothing; the
 * leader reconciles.
 */
final class Controllers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Controllers.class);

  static final String LEASE = "upm-runtime";

  /** How many objects are worked on at a time; each mostly waits for the API server. */
  private static final int THREADS = 16;

  private static final String PROJECTS = "projects";
  private static final String CALLS = "grpccalls";
  private static final String BACKUPS = "backups";
  private static final String SCHEDULES = "backupschedules";
  private static final String DATABASES = "databases";
  private static final String USERS = "databaseusers";
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(60);
  private static final Duration LAST_WORDS = Duration.ofSeconds(15);

  private final Operator operator;
  private final Reconcilers reconcilers;
  private volatile String trouble = "";
  private volatile boolean closing;

  /**
   * Controllers that start with {@link #start()}.
   *
   * @param leadership told when this process becomes or ceases to be the leader
   */
  Controllers(
      KubernetesClient client, Scope scope, LeaderCallbacks leadership, Reconcilers reconcilers) {
    this.reconcilers = reconcilers;
    operator =
        new Operator(config ->
            config
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withResourceCloner(new LeanCloner(client.getKubernetesSerialization()))
                .withConcurrentReconciliationThreads(THREADS)
                .withReconciliationTerminationTimeout(LAST_WORDS)
                .withInformerStoppedHandler((informer, cause) -> stopped(cause))
                .withLeaderElectionConfiguration(
                    LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                        .withLeaseNamespace(scope.namespace())
                        .withIdentity(scope.instance())
                        .withExitOnStopLeading(false)
                        .withLeaderCallbacks(leadership)
                        .build()));
    operator.register(reconcilers.unitSets(), settings(scope));
    operator.register(reconcilers.units(), settings(scope));
    if (knows(client, Names.VERSION, PROJECTS)) {
      // Projects are in no namespace, so there is none to choose.
      operator.register(reconcilers.projects(), config -> events(config));
    }
    if (knows(client, Names.CALL_VERSION, CALLS)) {
      operator.register(reconcilers.calls(), settings(scope));
      registerWhatMakesCalls(client, scope);
    }
    if (InstalledPlugins.isServed(client)) {
      reconcilers
          .plugins()
          .ifPresent(plugins -> operator.register(plugins, config -> events(config)));
    }
  }

  private void registerWhatMakesCalls(KubernetesClient client, Scope scope) {
    if (knows(client, Names.BACKUP_VERSION, BACKUPS)) {
      operator.register(reconcilers.backups(), settings(scope));
      if (knows(client, Names.BACKUP_VERSION, SCHEDULES)) {
        operator.register(reconcilers.schedules(), settings(scope));
      }
    }
    if (knows(client, Names.PROVISION_VERSION, DATABASES)) {
      operator.register(reconcilers.databases(), settings(scope));
    }
    if (knows(client, Names.PROVISION_VERSION, USERS)) {
      operator.register(reconcilers.users(), settings(scope));
    }
  }

  /**
   * Where the controllers work.
   *
   * @param namespace where the lease is
   * @param instance name of this process among its replicas
   * @param watched namespaces that are served; empty for all
   */
  record Scope(String namespace, String instance, Set<String> watched) {}

  /** One reconciler for each kind; none for Plugins where nobody installs any. */
  record Reconcilers(
      UnitSetReconciler unitSets,
      UnitReconciler units,
      ProjectReconciler projects,
      GrpcCallReconciler calls,
      BackupReconciler backups,
      ScheduleReconciler schedules,
      DatabaseReconciler databases,
      DatabaseUserReconciler users,
      Optional<PluginReconciler> plugins) {}

  /** Helm upgrades no CRDs, and databases must not wait for a kind that they don't need. */
  private static boolean knows(KubernetesClient client, String version, String plural) {
    boolean known = ServedKinds.has(client, version, plural);
    if (!known) {
      LOG.warn("there are no {}: install their CRD and restart the runtime to have them", plural);
    }
    return known;
  }

  void start() {
    operator.start();
  }

  /** Why this process should be restarted; empty when it should not. */
  Optional<String> trouble() {
    String cause = trouble;
    return cause.isEmpty() ? Optional.empty() : Optional.of(cause);
  }

  @Override
  public void close() {
    closing = true;
    reconcilers.unitSets().stop();
    reconcilers.units().stop();
    reconcilers.projects().stop();
    reconcilers.calls().stop();
    reconcilers.backups().stop();
    reconcilers.schedules().stop();
    reconcilers.databases().stop();
    reconcilers.users().stop();
    reconcilers.plugins().ifPresent(PluginReconciler::stop);
    operator.stop();
  }

  private static <P extends HasMetadata> Consumer<ControllerConfigurationOverrider<P>> settings(
      Scope scope) {
    return config -> {
      if (!scope.watched().isEmpty()) {
        config.settingNamespaces(scope.watched());
      }
      config.withItemStore(LeanStore.of(scope.watched()));
      events(config);
    };
  }

  private static <P extends HasMetadata> void events(ControllerConfigurationOverrider<P> config) {
    config
        .withRetry(
            new GenericRetry()
                .setInitialInterval(500)
                .setIntervalMultiplier(2)
                .setMaxInterval(LONGEST_RETRY.toMillis())
                .withoutMaxAttempts())
        .withOnUpdateFilter(Changes::ofIntent);
  }

  /** Not the end of the process at once: the liveness probe tells, others take over meanwhile. */
  private void stopped(@Nullable Throwable cause) {
    if (closing) {
      return;
    }
    LOG.error("an informer stopped and doesn't come back by itself", cause);
    trouble = "an informer stopped: " + cause;
  }
}
