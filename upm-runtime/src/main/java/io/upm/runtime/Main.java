package io.upm.runtime;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.upm.host.net.NameCache;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginOutput;
import io.upm.runtime.admission.Review;
import io.upm.runtime.admission.ServingCertificate;
import io.upm.runtime.admission.WebhookRegistration;
import io.upm.runtime.admission.WebhookServer;
import io.upm.runtime.agent.GrpcAgents;
import io.upm.runtime.backup.BackupReconciler;
import io.upm.runtime.backup.ScheduleReconciler;
import io.upm.runtime.call.GrpcCallReconciler;
import io.upm.runtime.engine.ImageOverrides;
import io.upm.runtime.engine.PluginDirectory;
import io.upm.runtime.engine.ServedEngines;
import io.upm.runtime.kube.Events;
import io.upm.runtime.kube.Guard;
import io.upm.runtime.kube.LeanClient;
import io.upm.runtime.pki.AuthoritySecret;
import io.upm.runtime.pki.CertificateAuthority;
import io.upm.runtime.plugin.InstalledPlugins;
import io.upm.runtime.plugin.PluginReconciler;
import io.upm.runtime.plugin.PluginSettings;
import io.upm.runtime.plugin.PluginTrust;
import io.upm.runtime.project.ProjectReconciler;
import io.upm.runtime.provision.DatabaseReconciler;
import io.upm.runtime.provision.DatabaseUserReconciler;
import io.upm.runtime.provision.ProvisionParts;
import io.upm.runtime.topology.TopologyLoops;
import io.upm.runtime.unit.UnitReconciler;
import io.upm.runtime.unitset.UnitSetReconciler;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the runtime: everything is put together here, by constructors. */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final String NAME = "upm-runtime";
  private static final long UPKEEP_MINUTES = 5;

  private final RuntimeConfig config;
  private final Clock clock = Clock.systemUTC();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RuntimeMetrics metrics = new RuntimeMetrics(registry);
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile boolean started;
  private volatile boolean stopping;
  private volatile boolean leads;

  private Main(RuntimeConfig config) {
    this.config = config;
  }

  public static void main(String[] arguments) throws InterruptedException {
    NameCache.keepShort();
    PluginOutput.install();
    Guard.endProcessWithoutMemory();
    if (!PluginHost.separatesProcessors()) {
      LOG.warn(
          "plugins share the processors of all other work: start Java with"
              + " --add-opens=java.base/java.lang=ALL-UNNAMED");
    }
    new Main(RuntimeConfig.from(System.getenv())).run();
  }

  private void run() throws InterruptedException {
    try (KubernetesClient client = LeanClient.builder().build();
        var plugins =
            new PluginDirectory(
                config.pluginDirectory(),
                config.workDirectory(),
                ImageOverrides.read(config.imageOverrides()));
        var installed = installed(client, plugins)) {
      measure(plugins);
      // Before anything else asks for engines: what served before this process serves again.
      installed.start();
      CertificateAuthority authority = AuthoritySecret.open(client, config.namespace(), clock);
      try (var agents = new GrpcAgents(authority, clock);
          var topologies = new TopologyLoops(client, plugins, agents, clock, config.instance());
          var webhook = webhook(client, plugins, installed, topologies, authority)) {
        var units = units(client, plugins, agents, authority);
        var sets = unitSets(client, plugins, topologies);
        var schedules = schedules(client, plugins);
        plugins.labelsOfSets(sets::labels);
        topologies.measure(registry);
        measure(authority, webhook.certificate());
        try (var controllers =
                new Controllers(
                    client,
                    new Controllers.Scope(config.namespace(), config.instance(), Set.of()),
                    leadership(topologies),
                    new Controllers.Reconcilers(
                        sets,
                        units,
                        projects(client),
                        calls(client, agents, units),
                        backups(client, plugins, units, topologies),
                        schedules,
                        new DatabaseReconciler(
                            provision(client, plugins, units, topologies, "database")),
                        new DatabaseUserReconciler(
                            provision(client, plugins, units, topologies, "databaseuser")),
                        Optional.of(plugins(client, installed, sets))));
            var health =
                new HealthServer(
                    config.metricsPort(),
                    controllers::trouble,
                    this::notReady,
                    () -> scrape(sets, units, agents, schedules));
            var upkeep = Executors.newSingleThreadScheduledExecutor()) {
          keepUp(upkeep, client, authority, webhook);
          tellEngines(upkeep, new ServedEngines(client, plugins, config.namespace()), plugins);
          controllers.start();
          webhook.server().start();
          started = true;
          LOG.info("{} serves on ports {} and {}", NAME, health.port(), webhook.server().port());
          awaitEnd();
          upkeep.shutdownNow();
        }
      }
    }
    LOG.info("{} ended", NAME);
  }

  private UnitReconciler units(
      KubernetesClient client,
      PluginDirectory plugins,
      GrpcAgents agents,
      CertificateAuthority authority) {
    return new UnitReconciler(
        new UnitReconciler.Parts(
            client,
            plugins,
            agents,
            authority,
            new Events(client, "unit", config.instance()),
            metrics,
            config.agentImage(),
            clock));
  }

  private GrpcCallReconciler calls(
      KubernetesClient client, GrpcAgents agents, UnitReconciler units) {
    return new GrpcCallReconciler(
        new GrpcCallReconciler.Parts(
            client,
            agents,
            units,
            new Events(client, "grpccall", config.instance()),
            metrics,
            clock));
  }

  private BackupReconciler backups(
      KubernetesClient client,
      PluginDirectory plugins,
      UnitReconciler units,
      TopologyLoops topologies) {
    return new BackupReconciler(
        new BackupReconciler.Parts(
            client,
            plugins,
            units,
            topologies.objects(),
            new Events(client, "backup", config.instance()),
            metrics,
            clock));
  }

  private ProvisionParts provision(
      KubernetesClient client,
      PluginDirectory plugins,
      UnitReconciler units,
      TopologyLoops topologies,
      String controller) {
    return new ProvisionParts(
        client,
        plugins,
        units,
        topologies.objects(),
        new Events(client, controller, config.instance()),
        metrics,
        clock);
  }

  private ScheduleReconciler schedules(KubernetesClient client, PluginDirectory plugins) {
    return new ScheduleReconciler(
        new ScheduleReconciler.Parts(
            client,
            plugins,
            new Events(client, "backupschedule", config.instance()),
            metrics,
            clock));
  }

  private UnitSetReconciler unitSets(
      KubernetesClient client, PluginDirectory plugins, TopologyLoops topologies) {
    return new UnitSetReconciler(
        new UnitSetReconciler.Parts(
            client,
            plugins,
            topologies.objects(),
            new Events(client, "unitset", config.instance()),
            metrics,
            clock));
  }

  private InstalledPlugins installed(KubernetesClient client, PluginDirectory plugins) {
    return new InstalledPlugins(
        new InstalledPlugins.Parts(
            client,
            plugins,
            new PluginSettings(
                config.namespace(),
                config.pluginCache(),
                config.workDirectory().resolveSibling("upm-trial"),
                PluginTrust.read(config.pluginSettings())),
            metrics,
            clock,
            registry));
  }

  private PluginReconciler plugins(
      KubernetesClient client, InstalledPlugins installed, UnitSetReconciler sets) {
    return installed.reconciler(new Events(client, "plugin", config.instance()), sets::uses);
  }

  private ProjectReconciler projects(KubernetesClient client) {
    return new ProjectReconciler(
        client, new Events(client, "project", config.instance()), metrics, clock);
  }

  private LeaderCallbacks leadership(TopologyLoops topologies) {
    return new LeaderCallbacks(
        () -> {
          LOG.info("{} leads", config.instance());
          leads = true;
          topologies.start();
        },
        () -> {
          leads = false;
          topologies.close();
          if (!stopping) {
            LOG.error("{} lost the lease: another process leads", config.instance());
            Thread.ofPlatform().start(() -> System.exit(1));
          }
        },
        leader -> LOG.info("{} is the leader", leader));
  }

  private record Webhook(WebhookServer server, ServingCertificate certificate)
      implements AutoCloseable {
    @Override
    public void close() {
      server.close();
    }
  }

  private Webhook webhook(
      KubernetesClient client,
      PluginDirectory plugins,
      InstalledPlugins installed,
      TopologyLoops topologies,
      CertificateAuthority authority) {
    var certificate =
        new ServingCertificate(
            authority,
            clock,
            "%s-webhook.%s.svc".formatted(NAME, config.namespace()),
            "%s.%s.svc".formatted(NAME, config.namespace()));
    var review =
        new Review(
            client.getKubernetesSerialization(), plugins, topologies::check, installed::catchUp);
    return new Webhook(
        new WebhookServer(config.webhookPort(), certificate.context(), review), certificate);
  }

  /** What has to be looked at now and then, by every replica. */
  private void keepUp(
      ScheduledExecutorService upkeep,
      KubernetesClient client,
      CertificateAuthority authority,
      Webhook webhook) {
    var registration = new WebhookRegistration(client, NAME, authority.authorityPem());
    upkeep.scheduleWithFixedDelay(
        () -> {
          try {
            registration.ensure();
            webhook.certificate().renewWhenDue();
          } catch (RuntimeException e) {
            LOG.warn("the webhook's registration could not be brought up to date", e);
          }
        },
        0,
        UPKEEP_MINUTES,
        TimeUnit.MINUTES);
  }

  private static void tellEngines(
      ScheduledExecutorService upkeep, ServedEngines engines, PluginDirectory plugins) {
    plugins.onChange(engine -> {
      if (!upkeep.isShutdown()) {
        upkeep.execute(engines::tell);
      }
    });
    upkeep.scheduleWithFixedDelay(engines::tell, 0, UPKEEP_MINUTES, TimeUnit.MINUTES);
  }

  private void measure(PluginDirectory plugins) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    var collections = new JvmGcMetrics();
    collections.bindTo(registry);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(collections::close));
    plugins.onChange(engine -> tell(plugins));
    tell(plugins);
  }

  private void tell(PluginDirectory plugins) {
    metrics.plugins(
        plugins.all().stream()
            .collect(
                Collectors.toMap(
                    engine -> engine.plugin().id(),
                    engine -> engine.plugin().version(),
                    (one, other) -> one)));
  }

  private void measure(CertificateAuthority authority, ServingCertificate webhook) {
    Instant expiry = AuthoritySecret.expiry(authority);
    metrics.certificate("authority", () -> expiry);
    metrics.certificate("webhook", webhook::expiry);
    metrics.leader(() -> leads);
  }

  private String scrape(
      UnitSetReconciler sets,
      UnitReconciler units,
      GrpcAgents agents,
      ScheduleReconciler schedules) {
    metrics.backups(schedules.ages());
    metrics.unitSets(sets.readiness());
    metrics.units(units.phases());
    metrics.agents(agents.states());
    return registry.scrape();
  }

  private Optional<String> notReady() {
    return started && !stopping ? Optional.empty() : Optional.of("starting or stopping");
  }

  /** Until the process is asked to end; what is under way may finish. */
  private void awaitEnd() throws InterruptedException {
    Thread main = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  stopping = true;
                  end.countDown();
                  try {
                    main.join();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
    end.await();
  }
}
