package io.upm.plugin.mysql.agent;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.HealthFacts;
import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.ServerReader;
import io.upm.plugin.mysql.client.ServerReader.UnsupportedServerException;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.Password;
import io.upm.spi.engine.Account;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Health;
import io.upm.spi.instance.Instance;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Asks the server how it is, over one connection that is kept. */
final class Probe implements AutoCloseable {
  /** Of the three seconds that a probe has, for connecting and for asking. */
  private static final Duration CONNECT = Duration.ofSeconds(1);

  private static final Duration ASK = Duration.ofMillis(1800);

  /** By how little they may do; the first whose password is known and right is used. */
  private static final List<Account> READERS =
      List.of(MysqlEngine.MONITOR, MysqlEngine.REPLICATION, MysqlEngine.ADMIN);

  private final Accounts accounts;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Session kept;

  Probe(Accounts accounts) {
    this.accounts = accounts;
  }

  Health run(Instance instance) {
    lock.lock();
    try {
      return ask(instance);
    } catch (SQLException e) {
      drop();
      return unanswered(e);
    } catch (UnsupportedServerException e) {
      drop();
      return Health.notReady(String.valueOf(e.getMessage()));
    } finally {
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

  private Health ask(Instance instance) throws SQLException, UnsupportedServerException {
    Session session = kept;
    if (session != null) {
      try {
        return read(session, instance);
      } catch (SQLException e) {
        drop();
        if (Failure.isTimeout(e)) {
          throw e;
        }
        // Closed after idling, or by a restart: that says nothing about the server as it is now.
      }
    }
    Session fresh = connect(instance);
    kept = fresh;
    return read(fresh, instance);
  }

  private static Health read(Session session, Instance instance)
      throws SQLException, UnsupportedServerException {
    session.within(ASK);
    return HealthFacts.of(ServerReader.read(session), MysqlEngine.replicates(instance.mode()));
  }

  private Session connect(Instance instance) throws SQLException {
    SQLException refused = null;
    for (Account account : READERS) {
      String user = instance.user(account);
      Optional<Password> password = accounts.password(user);
      if (password.isPresent()) {
        try {
          return open(instance, user, password.get());
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

  private static Session open(Instance instance, String user, Password password)
      throws SQLException {
    return Session.open(Login.local(instance, user, password), CONNECT);
  }

  /**
   * A server that refuses the probe serves its clients none the less, so it stays ready: an
   * observer that can't look must not take a database away from those who use it.
   */
  private static Health unanswered(SQLException failure) {
    String reason = Failure.sentence(failure);
    boolean there = Failure.isAccessDenied(failure) || Failure.isTooManyConnections(failure);
    return there
        ? new Health(true, true, "", "", Map.of("probe", reason), Map.of())
        : Health.down(reason);
  }

  private void drop() {
    Session session = kept;
    kept = null;
    if (session != null) {
      session.close();
    }
  }
}
