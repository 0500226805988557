package io.upm.agent;

import io.upm.agent.account.AccountKeeper;
import io.upm.agent.account.PasswordBook;
import io.upm.agent.account.SecretAccounts;
import io.upm.agent.action.Operations;
import io.upm.agent.config.ConfigApplier;
import io.upm.agent.config.LiveConfig;
import io.upm.agent.document.DocumentStore;
import io.upm.agent.document.MountedDocument;
import io.upm.agent.document.Written;
import io.upm.agent.engine.DetachedEngine;
import io.upm.agent.http.HttpEndpoints;
import io.upm.agent.http.Metrics;
import io.upm.agent.log.LogFollower;
import io.upm.agent.log.LogRotation;
import io.upm.agent.plugin.ActivePlugin;
import io.upm.agent.plugin.LentContext;
import io.upm.agent.plugin.PluginSlot;
import io.upm.agent.plugin.PluginStore;
import io.upm.agent.process.LimitedProcessRunner;
import io.upm.agent.report.StatusBoard;
import io.upm.agent.rpc.RpcServer;
import io.upm.agent.scrape.EngineScraper;
import io.upm.agent.scrape.VolumeScraper;
import io.upm.agent.state.StateDirectory;
import io.upm.agent.store.Mover;
import io.upm.agent.supervise.Parts;
import io.upm.agent.supervise.Supervisor;
import io.upm.agent.supervise.Target;
import io.upm.agent.tree.Renewal;
import io.upm.host.document.InstanceDocument;
import io.upm.host.plugin.PluginHost;
import io.upm.spi.EnginePlugin;
import io.upm.spi.PluginException;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.instance.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All parts of the agent, put together. */
public final class Agent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Settings settings;
  private final String version;
  private final StatusBoard board = new StatusBoard();
  private final MountedDocument mounted;
  private final DocumentStore documents;
  private final PasswordBook passwords;
  private final PluginStore store;
  private final PluginHost host;
  private final PluginSlot slot;
  private final Supervisor supervisor;
  private final Operations operations;
  private final LogFollower logs;
  private final Optional<Renewal> renewal;
  private final HeapKeeper heap = new HeapKeeper();
  private final Thread housekeeper = Thread.ofVirtual().name("housekeeper").unstarted(this::keepUp);
  private volatile @Nullable RpcServer rpc;
  private volatile @Nullable HttpEndpoints http;

  private Agent(
      Settings settings, Identity identity, MountedDocument mounted, StateDirectory state) {
    this.settings = settings;
    this.version = identity.version();
    this.mounted = mounted;
    Path run = settings.files().run();
    var processes = new LimitedProcessRunner();
    this.documents = new DocumentStore(state.document());
    this.store = new PluginStore(state.plugins());
    this.host = new PluginHost(state.expanded(), EnginePlugin.SPI_VERSION);
    this.passwords = new PasswordBook(state.accounts());
    var accounts = new SecretAccounts(documents::current, passwords);
    var lent = new LentContext(processes, accounts, Clock.systemUTC());
    this.slot = new PluginSlot(store, host, lent);
    var engine = new DetachedEngine(settings.files().launcher(), run, Clock.systemUTC());
    var configs = new ConfigApplier(state.configs(), state.configInForce(), processes);
    var live = new LiveConfig(state.configs(), run.resolve("engine.config"));
    var keeper = new AccountKeeper(accounts, Clock.systemUTC(), settings.passwordOverlap());
    this.supervisor =
        new Supervisor(
            new Parts(documents, slot, engine, configs, live, keeper, board),
            run,
            settings.stopBudget());
    this.operations =
        new Operations(
            state.operations(),
            slot,
            new Operations.Surroundings(
                supervisor, lent, new Mover(settings.files().mover()), this::instance));
    var engineLogs = new EngineLogs(slot, this::target);
    this.logs =
        new LogFollower(
            engineLogs::files,
            state.logMarks(),
            new LogRotation(LogRotation.MOST, engineLogs),
            new LogFollower.Output(System.out, settings.logFormat(), Clock.systemUTC()));
    var around =
        new Renewal.Surroundings(
            () -> board.latest().value().process().phase(), operations::close, identity.makeWay());
    this.renewal = settings.tree().map(tree -> new Renewal(tree, run, around));
  }

  /**
   * Who an agent is to others.
   *
   * @param version version of the agent
   * @param makeWay ends the process, for another agent to go on with the engine
   */
  public record Identity(String version, Runnable makeWay) {}

  /**
   * Starts everything.
   *
   * @throws IOException when the data volume is not known or can't be written
   */
  public static Agent start(Settings settings, Identity identity) throws IOException {
    var mounted = new MountedDocument(settings.files().instance());
    Optional<Written> document = mounted.read();
    StateDirectory state =
        settings
            .files()
            .data()
            .map(StateDirectory::new)
            .or(() -> document.map(Written::document).map(StateDirectory::of))
            .orElseThrow(() ->
                new IOException(
                    "there is no instance document in %s to tell where the data volume is"
                        .formatted(settings.files().instance())));
    state.create();
    Files.createDirectories(settings.files().run());
    var agent = new Agent(settings, identity, mounted, state);
    agent.begin(document);
    return agent;
  }

  private void begin(Optional<Written> document) throws IOException {
    documents.recover(document);
    passwords.recover();
    store.open();
    operations.recover();
    supervisor.start();
    var engine = new EngineScraper(this::runningEngine);
    var volumes = new VolumeScraper(this::volumes);
    http =
        HttpEndpoints.start(
            board,
            settings.httpPort(),
            () ->
                new Metrics.Facts(
                    board.latest().value(),
                    engine.scrape(),
                    volumes.scrape(),
                    version,
                    certificateExpiry()));
    serve();
    slot.recover(documents.current().map(InstanceDocument::plugin));
    logs.start();
    housekeeper.start();
  }

  private long certificateExpiry() {
    RpcServer server = rpc;
    return server == null ? 0 : server.certificateExpiry().getEpochSecond();
  }

  /** Stops the engine and ends. */
  public void terminate() {
    supervisor.terminate();
  }

  /** Waits until the engine is stopped after {@link #terminate}. */
  public void awaitFinished() throws InterruptedException {
    supervisor.awaitFinished();
  }

  /** Asks the plugin what it is asked while an engine runs; for training, without one. */
  public void rehearse() {
    slot.active()
        .ifPresent(plugin ->
            instance(plugin)
                .ifPresent(instance ->
                    plugin
                        .lifecycle()
                        .run(
                            "rehearse",
                            lifecycle -> {
                              LOG.info("probe: {}", lifecycle.probe(instance));
                              LOG.info("metrics: {}", measured(lifecycle, instance));
                              LOG.info("start: {}", lifecycle.start(instance));
                              LOG.info("stop: {}", lifecycle.stop(instance, settings.stopBudget()));
                            })));
  }

  private static String measured(EngineLifecycle lifecycle, Instance instance) {
    try {
      return lifecycle
          .metrics()
          .map(metrics -> metrics.collect(instance, LOOK).size() + " samples")
          .orElse("none");
    } catch (PluginException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Port of the services; 0 while they aren't there. */
  public int grpcPort() {
    RpcServer server = rpc;
    return server == null ? 0 : server.port();
  }

  /** Port of probes and metrics. */
  public int httpPort() {
    HttpEndpoints endpoints = http;
    return endpoints == null ? 0 : endpoints.port();
  }

  /** Ends the services; the engine is not touched. */
  @Override
  public void close() {
    housekeeper.interrupt();
    logs.close();
    RpcServer server = rpc;
    if (server != null) {
      server.close();
    }
    HttpEndpoints endpoints = http;
    if (endpoints != null) {
      endpoints.close();
    }
    host.close();
  }

  private void keepUp() {
    try {
      while (true) {
        Thread.sleep(LOOK);
        mounted.offerIfChanged(documents);
        serve();
        renewal.ifPresent(Renewal::look);
        heap.look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Without certificates, or with broken ones, the engine is looked after all the same. */
  private void serve() {
    if (rpc != null) {
      return;
    }
    try {
      var services =
          new RpcServer.Services(
              documents, supervisor, board, store, slot, operations, settings.tree());
      rpc = RpcServer.start(services, settings.files().tls(), settings.grpcPort(), version);
      if (renewal.isPresent()) {
        renewal.get().serves();
      }
    } catch (IOException | GeneralSecurityException e) {
      LOG.warn("no services yet: {}", e.toString());
    }
  }

  /** While it has a process: before and after there is nobody to ask. */
  private Optional<Target> runningEngine() {
    return board.latest().value().process().pid() == 0
        ? Optional.empty()
        : slot.active().flatMap(this::target);
  }

  private Map<String, Path> volumes() {
    return slot.active()
        .flatMap(this::instance)
        .map(instance -> instance.layout().volumes())
        .orElse(Map.of());
  }

  /** The instance, if the plugin is one for it. */
  private Optional<Instance> instance(ActivePlugin plugin) {
    return target(plugin).map(Target::instance);
  }

  private Optional<Target> target(ActivePlugin plugin) {
    try {
      return documents
          .current()
          .map(document -> Target.of(document, plugin, settings.files().run()));
    } catch (PluginException e) {
      return Optional.empty();
    }
  }
}
