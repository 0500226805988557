package io.upm.plugin.mysql.client;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Whether replicas acknowledge what a server commits at this moment.
 *
 * <p>A statement about accounts holds the lock of the accounts' cache while its commit waits for
 * them, and no login gets past that lock: neither a client's nor that of the replica whose
 * acknowledgement it waits for. Both then wait for ever, and KILL ends neither (8.0.33 and 9.7.4;
 * "Waiting for semi-sync ACK from replica" and "Waiting for acl cache lock"). Hence such a
 * statement begins only after another commit was just acknowledged.
 */
public final class Acknowledgement {
  /** Written to the binary log, and under no lock that anybody waits for. */
  private static final String PROBE = "FLUSH OPTIMIZER_COSTS";

  private static final String STATUS = "SHOW GLOBAL STATUS LIKE 'Rpl\\_semi\\_sync\\_source\\_%'";

  private static final String NEEDED = "rpl_semi_sync_source_wait_for_replica_count";

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final String CONSEQUENCE =
      ": a change of accounts would keep everybody from logging in, replicas too";

  private Acknowledgement() {}

  /**
   * Commits of a source.
   *
   * @param bound whether they wait for replicas; the rest is 0 when they do not
   * @param clients replicas that are connected and acknowledge
   * @param needed how many a commit waits for
   * @param waiting sessions that wait now
   * @param acknowledged commits that were acknowledged so far
   */
  private record Commits(
      boolean bound, long clients, long needed, long waiting, long acknowledged) {
    boolean lackReplicas() {
      return bound && clients < needed;
    }
  }

  /**
   * Sees one commit acknowledged, where commits wait for that.
   *
   * @param session whose limit is another one afterwards, and which is of no use any more when
   *     something is awaited
   * @param patience how long replicas that aren't connected are waited for
   * @return what it waits for before accounts can be changed; empty when nothing is in the way
   */
  public static Optional<String> awaited(Session session, Duration patience) throws SQLException {
    session.within(patience.plus(LIMIT));
    long end = System.nanoTime() + patience.toNanos();
    Commits commits = read(session);
    while (commits.lackReplicas() && System.nanoTime() < end) {
      pause();
      commits = read(session);
    }
    if (commits.lackReplicas()) {
      return Optional.of(
          "a commit waits for %d replicas, and %d are connected"
                  .formatted(commits.needed(), commits.clients())
              + CONSEQUENCE);
    }
    if (!commits.bound() || acknowledge(session, commits)) {
      return Optional.empty();
    }
    return Optional.of(
        "no replica has acknowledged a commit within %d s".formatted(LIMIT.toSeconds())
            + CONSEQUENCE);
  }

  private static boolean acknowledge(Session session, Commits before) throws SQLException {
    session.within(LIMIT);
    try {
      if (before.waiting() == 0) {
        session.run(PROBE);
        return true;
      }
      // Somebody's commit waits already, and tells as much; each of ours would be a session more.
      Commits now = read(session);
      while (now.bound() && now.acknowledged() == before.acknowledged()) {
        pause();
        now = read(session);
      }
      return true;
    } catch (SQLException e) {
      if (Failure.isTimeout(e)) {
        return false;
      }
      throw e;
    }
  }

  private static Commits read(Session session) throws SQLException {
    Map<String, String> status = session.pairs(STATUS);
    if (!status.getOrDefault("rpl_semi_sync_source_status", "OFF").equals("ON")) {
      return new Commits(false, 0, 0, 0, 0);
    }
    String needed =
        session.row("SELECT @@GLOBAL." + NEEDED).orElseThrow().values().iterator().next();
    return new Commits(
        true,
        number(status, "rpl_semi_sync_source_clients"),
        Long.parseLong(needed),
        number(status, "rpl_semi_sync_source_wait_sessions"),
        number(status, "rpl_semi_sync_source_yes_tx"));
  }

  private static long number(Map<String, String> status, String name) {
    return Long.parseLong(status.getOrDefault(name, "0"));
  }

  private static void pause() throws SQLException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while replicas were awaited", e);
    }
  }
}
