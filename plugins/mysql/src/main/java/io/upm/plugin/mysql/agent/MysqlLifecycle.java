package io.upm.plugin.mysql.agent;

import io.upm.plugin.mysql.DataLayout;
import io.upm.plugin.mysql.account.LivePasswords;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.Session;
import io.upm.plugin.mysql.metric.MysqlMetrics;
import io.upm.plugin.mysql.variable.LiveVariables;
import io.upm.spi.PluginException;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.instance.Health;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.LiveAccounts;
import io.upm.spi.instance.LiveParameters;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.instance.StopRequest;
import io.upm.spi.metric.EngineMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a MySQL server is initialised, started, stopped and probed. */
public final class MysqlLifecycle implements EngineLifecycle {
  private static final Duration REOPEN = Duration.ofSeconds(3);

  private final Accounts accounts;
  private final Initialization initialization;
  private final Probe probe;
  private final LiveVariables variables;
  private final LivePasswords passwords;
  private final MysqlMetrics metrics;

  public MysqlLifecycle(AgentContext context) {
    this.accounts = context.accounts();
    this.initialization = new Initialization(context);
    this.probe = new Probe(context.accounts());
    this.variables = new LiveVariables(context.accounts());
    this.passwords = new LivePasswords(context.accounts());
    this.metrics = new MysqlMetrics(context.accounts());
  }

  @Override
  public boolean isInitialized(Instance instance) {
    return Initialization.isDone(DataLayout.of(instance));
  }

  @Override
  public void initialize(Instance instance) {
    initialization.run(instance);
  }

  /** The server looks whether its directories are there, so they are, even before it has data. */
  @Override
  public Optional<ProcessSpec> checkConfig(Instance instance, Path candidate) {
    prepareDirectories(instance);
    return Optional.of(
        new ProcessSpec(
            List.of(
                "mysqld",
                "--defaults-file=" + candidate.resolve(DataLayout.OPTIONS),
                "--validate-config"),
            Map.of(),
            candidate));
  }

  @Override
  public ProcessSpec start(Instance instance) {
    prepareDirectories(instance);
    removeLeftovers(DataLayout.of(instance));
    Replacement.forget(DataLayout.of(instance));
    return new ProcessSpec(
        List.of("mysqld", "--defaults-file=" + DataLayout.of(instance).options()),
        Map.of(),
        instance.layout().data());
  }

  /**
   * After a crash the socket's lock file names a process that may be another one by now, with few
   * process ids in a container; the server would take it for itself, still running. That it does
   * not run twice is ensured by the lock on its data files.
   */
  private static void removeLeftovers(DataLayout layout) {
    try {
      for (Path socket : List.of(layout.socket(), layout.socketX())) {
        Files.deleteIfExists(socket);
        Files.deleteIfExists(socket.resolveSibling(socket.getFileName() + ".lock"));
      }
    } catch (IOException e) {
      throw PluginException.retryable(
          "a socket can't be removed: " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
    }
  }

  private static void prepareDirectories(Instance instance) {
    try {
      Initialization.prepareDirectories(DataLayout.of(instance));
    } catch (IOException e) {
      throw PluginException.retryable(
          "a directory can't be made: " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
    }
  }

  /** The server ends its connections and flushes as much as it has to; that may take minutes. */
  @Override
  public StopRequest stop(Instance instance, Duration budget) {
    return new StopRequest(StopRequest.Signal.TERM, budget);
  }

  @Override
  public Health probe(Instance instance) {
    return probe.run(instance);
  }

  @Override
  public Optional<LiveParameters> live() {
    return Optional.of(variables);
  }

  @Override
  public Optional<LiveAccounts> liveAccounts() {
    return Optional.of(passwords);
  }

  @Override
  public Optional<EngineMetrics> metrics() {
    return Optional.of(metrics);
  }

  /** The error log goes to standard error. */
  @Override
  public List<Path> logs(Instance instance) {
    DataLayout layout = DataLayout.of(instance);
    return List.of(layout.slowLog(), layout.generalLog());
  }

  @Override
  public boolean rotatesLogs() {
    return true;
  }

  @Override
  public void reopenLogs(Instance instance) {
    try (Session session = Session.open(Login.administrator(instance, accounts), REOPEN)) {
      session.run("FLUSH NO_WRITE_TO_BINLOG SLOW LOGS");
      session.run("FLUSH NO_WRITE_TO_BINLOG GENERAL LOGS");
    } catch (SQLException e) {
      throw PluginException.retryable("the server can't be asked: " + Failure.sentence(e), e);
    }
  }

  @Override
  public void close() {
    probe.close();
    metrics.close();
  }
}
