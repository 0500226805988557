package io.upm.plugin.mysql.it;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that log in all the time, each to one server as one user with one password. */
final class Clients implements AutoCloseable {
  private final List<Thread> threads = new ArrayList<>();
  private final List<String> failures = java.util.Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong logins = new AtomicLong();
  private volatile boolean ended;

  void add(Unit unit, String user, String password) {
    threads.add(Thread.ofVirtual().start(() -> work(unit, user, password)));
  }

  private void work(Unit unit, String user, String password) {
    while (!ended) {
      try {
        unit.session(user, password).close();
        logins.incrementAndGet();
      } catch (SQLException e) {
        failures.add(unit + " " + user + ": " + e.getMessage());
      }
    }
  }

  long logins() {
    return logins.get();
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
