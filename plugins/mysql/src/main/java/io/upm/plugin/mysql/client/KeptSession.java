package io.upm.plugin.mysql.client;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.spi.Password;
import io.upm.spi.engine.Account;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Instance;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the server beside, for reading its state again and again: one that is kept gets
 * its answer also when the server takes no more connections. Safe for concurrent use.
 */
public final class KeptSession implements AutoCloseable {
  /** By how little they may do; the first whose password is known and right is used. */
  private static final List<Account> READERS =
      List.of(MysqlEngine.MONITOR, MysqlEngine.REPLICATION, MysqlEngine.ADMIN);

  private final Accounts accounts;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Session kept;

  public KeptSession(Accounts accounts) {
    this.accounts = accounts;
  }

  /** Exchanges on a session. */
  @FunctionalInterface
  public interface Use<T, E extends Exception> {
    T of(Session session) throws SQLException, E;
  }

  /**
   * Uses the session, a new one if need be.
   *
   * @param limit how long connecting and all exchanges may take together
   */
  public <T, E extends Exception> T use(Instance instance, Duration limit, Use<T, E> use)
      throws SQLException, E {
    lock.lock();
    boolean done = false;
    try {
      T result = again(instance, limit, use);
      done = true;
      return result;
    } finally {
      if (!done) {
        drop();
      }
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      drop();
    } finally {
      lock.unlock();
    }
  }

  private <T, E extends Exception> T again(Instance instance, Duration limit, Use<T, E> use)
      throws SQLException, E {
    Duration exchanges = limit.multipliedBy(3).dividedBy(5);
    Session session = kept;
    if (session != null) {
      try {
        session.within(exchanges);
        return use.of(session);
      } catch (SQLException e) {
        drop();
        if (Failure.isTimeout(e)) {
          throw e;
        }
        // Closed after idling, or by a restart: that says nothing about the server as it is now.
      }
    }
    Session fresh = connect(instance, limit.dividedBy(3));
    kept = fresh;
    fresh.within(exchanges);
    return use.of(fresh);
  }

  private Session connect(Instance instance, Duration limit) throws SQLException {
    SQLException refused = null;
    for (Account account : READERS) {
      String user = instance.user(account);
      Optional<Password> password = accounts.password(user);
      if (password.isPresent()) {
        try {
          return Session.open(Login.local(instance, user, password.get()), limit);
        } catch (SQLException e) {
          if (!Failure.isAccessDenied(e)) {
            throw e;
          }
          refused = e;
        }
      }
    }
    throw refused != null
        ? refused
        : new SQLException("the Secret holds no password of an account that may read the state");
  }

  private void drop() {
    Session session = kept;
    kept = null;
    if (session != null) {
      session.close();
    }
  }
}
