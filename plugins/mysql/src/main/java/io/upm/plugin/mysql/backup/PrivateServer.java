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
    this.thread = Thread.ofVirtual().name("server that restores").start(end);
  }

  /**
   * Starts one and returns when it takes connections.
   *
   * @param data its data directory
   * @param directory for it to work in
   */
  static PrivateServer open(Instance instance, ProcessRunner processes, Path data, Path directory) {
    DataLayout layout = DataLayout.of(instance);
    Path socket = instance.layout().run().resolve("restore.sock");
    var server =
        new PrivateServer(
            processes,
            directory,
            socket,
            new ProcessSpec(
                List.of(
                    "mysqld",
                    "--defaults-file=" + layout.options(),
                    "--datadir=" + data,
                    "--socket=" + socket,
                    "--pid-file=" + instance.layout().run().resolve("restore.pid"),
                    "--skip-networking",
                    "--mysqlx=OFF",
                    "--skip-grant-tables",
                    "--event-scheduler=OFF",
                    "--skip-replica-start",
                    "--disable-log-bin",
                    "--super-read-only=OFF",
                    "--read-only=OFF",
                    "--general-log=OFF",
                    "--slow-query-log=OFF",
                    // A large value takes more in a statement than it did in a table.
                    "--max-allowed-packet=1G",
                    // Nothing is kept of a server that crashes, and a clean stop writes everything.
                    "--innodb-flush-log-at-trx-commit=0"),
                Map.of(),
                directory));
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
    String said =
        run(
            "SELECT CONCAT('=', REPLACE(@@GLOBAL.gtid_executed, '\\n', ''));",
            "its transactions can't be read");
    return GtidSet.parse(said.substring(said.lastIndexOf('=') + 1).strip());
  }

  private String run(String statements, String otherwise) {
    Result done =
        processes.run(
            program("mysql", List.of("--batch", "--raw", "--skip-column-names")),
            statements.getBytes(StandardCharsets.UTF_8),
            LOOK);
    if (!done.succeeded()) {
      throw PluginException.retryable(otherwise + ": " + done.output().strip(), null);
    }
    return done.output();
  }

  /** Has accounts again, runs statements, one a line, then stops the server in order. */
  void finish(byte[] statements) {
    var all = new ByteArrayOutputStream();
    all.writeBytes("FLUSH PRIVILEGES;\n".getBytes(StandardCharsets.UTF_8));
    all.writeBytes(statements);
    all.writeBytes(
        "\nDROP USER IF EXISTS %s;\nSHUTDOWN;\n"
            .formatted(ACCOUNT)
            .getBytes(StandardCharsets.UTF_8));
    Result done = processes.run(client(), all.toByteArray(), STOPPING);
    if (!done.succeeded()) {
      throw PluginException.retryable(
          "the restored accounts can't be set right: " + done.output().strip(), null);
    }
    Result ended = awaitEnd(STOPPING);
    if (!ended.succeeded()) {
      throw PluginException.retryable(
          "the server that restored ended with exit code %d: %s"
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
            "the server that restores did not start: "
                + ServerLog.firstError(awaitEnd(LOOK).output()),
            null);
      }
      if (System.nanoTime() > deadline) {
        throw PluginException.retryable(
            "the server that restores did not start within %d s".formatted(STARTING.toSeconds()),
            null);
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
      throw PluginException.retryable("the server that restored does not stop", e);
    } catch (ExecutionException e) {
      throw PluginException.retryable(
          "the server that restores can't be run: " + e.getMessage(), e);
    }
  }

  private ProcessSpec program(String name, List<String> options) {
    var command =
        new ArrayList<>(List.of(name, "--no-defaults", "--socket=" + socket, "--user=" + user));
    command.addAll(options);
    return new ProcessSpec(command, Map.of(), directory);
  }
}
