package io.upm.acceptance.node;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** Writes numbered rows, one transaction each, and remembers which were acknowledged. */
final class NumberedWriter implements AutoCloseable {
  /** Bounds the load: a new replica, on the same two cores, must be able to catch up with it. */
  private static final long PERIOD_MILLIS = 25;

  private final Database database;
  private final Set<Long> acknowledged = new ConcurrentSkipListSet<>();
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final Thread thread;

  private NumberedWriter(Database database) {
    this.database = database;
    this.thread = Thread.ofVirtual().name("writer").start(this::write);
  }

  static NumberedWriter start(Database database) throws SQLException {
    database.execute(
        "CREATE DATABASE IF NOT EXISTS acceptance",
        "CREATE TABLE IF NOT EXISTS acceptance.numbered (id BIGINT PRIMARY KEY, at TIMESTAMP(6) DEFAULT NOW(6))");
    return new NumberedWriter(database);
  }

  /** Awaits that a database has every row that was acknowledged to a writer. */
  static void awaitRows(Cluster cluster, Database database, Set<Long> acknowledged) {
    cluster.await(
        acknowledged.size() + " acknowledged rows",
        () ->
            database.tryRead("SELECT id FROM acceptance.numbered").stream()
                .map(Long::valueOf)
                .collect(Collectors.toSet())
                .containsAll(acknowledged));
  }

  int acknowledgedSoFar() {
    return acknowledged.size();
  }

  /** What went wrong for it as a client. */
  List<String> errors() {
    return List.copyOf(errors);
  }

  /** Ends the writing. */
  Set<Long> stop() {
    close();
    return Set.copyOf(acknowledged);
  }

  @Override
  public void close() {
    running.set(false);
    try {
      if (!thread.join(java.time.Duration.ofSeconds(30))) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    long next = System.currentTimeMillis() * 1000;
    while (running.get()) {
      try (Connection connection = database.connect();
          var insert =
              connection.prepareStatement("INSERT INTO acceptance.numbered (id) VALUES (?)")) {
        while (running.get()) {
          next++;
          insert.setLong(1, next);
          insert.executeUpdate();
          acknowledged.add(next);
          pause(PERIOD_MILLIS);
        }
      } catch (SQLException e) {
        errors.add(e.toString());
        pause(100);
      }
    }
  }

  /** A rate, not a wait for a condition. */
  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
