package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.DataLayout;
import io.upm.plugin.mysql.agent.ServerLog;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.spi.PluginException;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessRunner;
import io.upm.spi.instance.ProcessRunner.Result;
import io.upm.spi.instance.ProcessSpec;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server on a data directory that is not in use yet, which nobody reaches but through a socket of
 * its own: no network, no accounts, no events, no replication, no binary log. What is done in it is
 * lost with its directory if anything fails.
 */
final class PrivateServer implements AutoCloseable {
  private static final Duration STARTING = Duration.ofMinutes(10);
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final Duration LIFE = Duration.ofDays(7);
  private static final Duration STOPPING = Duration.ofMinutes(30);

  private static final String SYNTAX_ERROR = "ERROR 1064 ";

  private static final String MARK = "upm: ";

  private static final String USER = "upm.restore";
  private static final String ACCOUNT = "'%s'@'localhost'".formatted(USER);

  private final ProcessRunner processes;
  private final Path directory;
  private final Path socket;
  private final FutureTask<Result> end;
  private final Thread thread;
  private String user = "root";

  private PrivateServer(ProcessRunner processes, Path directory, Path socket, ProcessSpec server) {
    this.processes = processes;
    this.directory = directory;
    this.socket = socket;
    this.end = new FutureTask<>(() -> processes.run(server, new byte[0], LIFE));
    this.thread = Thread.ofVirtual().name("private server").start(end);
  }

  /**
   * Starts one and returns when it takes connections.
   *
   * @param data its data directory
   * @param directory for it to work in
   */
  static PrivateServer open(Instance instance, ProcessRunner processes, Path data, Path directory) {
    return start(instance, processes, directory, options(instance, data, directory));
  }

  private static List<String> options(Instance instance, Path data, Path directory) {
    DataLayout layout = DataLayout.of(instance);
    return List.of(
        "mysqld",
        "--defaults-file=" + layout.options(),
        "--datadir=" + data,
        "--tmpdir=" + directory,
        "--socket=" + socket(instance),
        "--pid-file=" + instance.layout().run().resolve("restore.pid"),
        "--skip-networking",
        "--mysqlx=OFF",
        "--skip-grant-tables",
        "--event-scheduler=OFF",
        "--skip-replica-start",
        // Data of a replica name relay logs, which it would go on with, or remove.
        "--relay-log=" + directory.resolve("relay"),
        "--disable-log-bin",
        "--super-read-only=OFF",
        "--read-only=OFF",
        "--general-log=OFF",
        "--slow-query-log=OFF",
        // A large value takes more in a statement than it did in a table.
        "--max-allowed-packet=1G",
        // Nothing is kept of a server that crashes, and a clean stop writes everything.
        "--innodb-flush-log-at-trx-commit=0");
  }

  private static Path socket(Instance instance) {
    return instance.layout().run().resolve("restore.sock");
  }

  private static PrivateServer start(
      Instance instance, ProcessRunner processes, Path directory, List<String> command) {
    var server =
        new PrivateServer(
            processes, directory, socket(instance), new ProcessSpec(command, Map.of(), directory));
    try {
      server.awaitOpen();
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    return server;
  }

  /** A client that reads statements from its standard input. */
  ProcessSpec client() {
    return program("mysql", List.of("--binary-mode", "--max-allowed-packet=1G"));
  }

  /**
   * Has accounts again, so that statements about accounts can be run; and one more for itself,
   * which nobody else reaches and which is gone in the end.
   */
  void admitAccounts() {
    run(
        """
        FLUSH PRIVILEGES;
        DROP USER IF EXISTS %1$s;
        CREATE USER %1$s;
        GRANT ALL ON *.* TO %1$s WITH GRANT OPTION;
        """
            .formatted(ACCOUNT),
        "its accounts can't be read");
    user = USER;
  }

  /** All transactions that it has. */
  GtidSet executed() {
    // What the client says itself comes before.
    String said =
        run(
            "SELECT CONCAT('%s', REPLACE(@@GLOBAL.gtid_executed, '\\n', ''));".formatted(MARK),
            "its transactions can't be read");
    return GtidSet.parse(said.substring(said.lastIndexOf(MARK) + MARK.length()).strip());
  }

  /** Runs statements, however long they take. */
  void execute(String statements, String otherwise) {
    run(statements, otherwise, LIFE);
  }

  private String run(String statements, String otherwise) {
    return run(statements, otherwise, LOOK);
  }

  private String run(String statements, String otherwise, Duration limit) {
    Result done =
        processes.run(
            program("mysql", List.of("--batch", "--raw", "--skip-column-names")),
            statements.getBytes(StandardCharsets.UTF_8),
            limit);
    if (!done.succeeded()) {
      // A statement may hold a password, and this error quotes it.
      String said =
          done.output().contains(SYNTAX_ERROR)
              ? "the server does not understand a statement"
              : done.output().strip();
      throw PluginException.retryable(otherwise + ": " + said, null);
    }
    return done.output();
  }

  /** Has accounts again, runs statements, one a line, then stops the server in order. */
  void finish(byte[] statements) {
    var all = new ByteArrayOutputStream();
    all.writeBytes("FLUSH PRIVILEGES;\n".getBytes(StandardCharsets.UTF_8));
    all.writeBytes(statements);
    all.writeBytes(
        "\nDROP USER IF EXISTS %s;\n".formatted(ACCOUNT).getBytes(StandardCharsets.UTF_8));
    stop(all.toByteArray(), "the restored accounts can't be set right");
  }

  /** Runs statements, then stops the server in order. */
  void stop(String statements) {
    stop(statements.getBytes(StandardCharsets.UTF_8), "it can't be stopped");
  }

  private void stop(byte[] statements, String otherwise) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(statements);
    all.writeBytes("SHUTDOWN;\n".getBytes(StandardCharsets.UTF_8));
    Result done = processes.run(client(), all.toByteArray(), STOPPING);
    if (!done.succeeded()) {
      throw PluginException.retryable(otherwise + ": " + done.output().strip(), null);
    }
    Result ended = awaitEnd(STOPPING);
    if (!ended.succeeded()) {
      throw PluginException.retryable(
          "the private server ended with exit code %d: %s"
              .formatted(ended.exitCode(), ServerLog.firstError(ended.output())),
          null);
    }
  }

  /** Ends a server that is still there: what it has is not wanted any more. */
  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(LOOK);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitOpen() {
    ProcessSpec ping = program("mysqladmin", List.of("--connect-timeout=2", "--wait=1", "ping"));
    long deadline = System.nanoTime() + STARTING.toNanos();
    while (!processes.run(ping, new byte[0], LOOK).succeeded()) {
      if (end.isDone()) {
        throw PluginException.retryable(
            "the private server did not start: " + ServerLog.firstError(awaitEnd(LOOK).output()),
            null);
      }
      if (System.nanoTime() > deadline) {
        throw PluginException.retryable(
            "the private server did not start within %d s".formatted(STARTING.toSeconds()), null);
      }
    }
  }

  private Result awaitEnd(Duration limit) {
    try {
      return end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PluginException.retryable("interrupted", e);
    } catch (TimeoutException e) {
      throw PluginException.retryable("the private server does not stop", e);
    } catch (ExecutionException e) {
      throw PluginException.retryable("the private server can't be run: " + e.getMessage(), e);
    }
  }

  private ProcessSpec program(String name, List<String> options) {
    var command =
        new ArrayList<>(List.of(name, "--no-defaults", "--socket=" + socket, "--user=" + user));
    command.addAll(options);
    return new ProcessSpec(command, Map.of(), directory);
  }
}
