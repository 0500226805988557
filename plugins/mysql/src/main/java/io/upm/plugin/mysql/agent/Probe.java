package io.upm.plugin.mysql.agent;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.HealthFacts;
import io.upm.plugin.mysql.client.KeptSession;
import io.upm.plugin.mysql.client.ServerReader;
import io.upm.plugin.mysql.client.ServerReader.UnsupportedServerException;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Health;
import io.upm.spi.instance.Instance;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** Asks the server how it is, over one connection that is kept. */
final class Probe implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(3);

  private final KeptSession session;

  Probe(Accounts accounts) {
    this.session = new KeptSession(accounts);
  }

  Health run(Instance instance) {
    try {
      return session.use(instance, LIMIT, at -> read(at, instance));
    } catch (SQLException e) {
      return unanswered(e);
    } catch (UnsupportedServerException e) {
      return Health.notReady(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    session.close();
  }

  private static Health read(Session session, Instance instance)
      throws SQLException, UnsupportedServerException {
    return HealthFacts.of(ServerReader.read(session), MysqlEngine.replicates(instance.mode()));
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
}
