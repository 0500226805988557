package io.upm.plugin.mysql.variable;

import io.upm.plugin.mysql.client.Session;
import java.math.BigInteger;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.Optional;

/**
 * The one variable that changes in the server's own time: until the buffer pool is resized the
 * server shows the former size, and takes no other (<a
 * href="https://dev.mysql.com/doc/refman/8.0/en/innodb-buffer-pool-resize.html">17.8.3.1</a>).
 */
final class BufferPool {
  static final String SIZE = "innodb_buffer_pool_size";

  private static final String STATUS = "Innodb_buffer_pool_resize_status";

  /** Less room waits for pages in use, more for memory. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(50);

  private BufferPool() {}

  /**
   * Waits until it is resized.
   *
   * @param bytes the size that was asked for
   * @throws SQLTimeoutException when it takes too long; its message tells how far it is
   */
  static void await(Session session, BigInteger bytes) throws SQLException {
    BigInteger wanted =
        rounded(
            bytes,
            number(session, "innodb_buffer_pool_chunk_size")
                .multiply(number(session, "innodb_buffer_pool_instances")));
    long began = System.nanoTime();
    while (!number(session, SIZE).equals(wanted)) {
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new SQLTimeoutException(
            "the buffer pool is not resized after %d s: %s"
                .formatted(PATIENCE.toSeconds(), status(session)));
      }
      pause();
    }
  }

  /** Whole chunks of all instances. */
  static BigInteger rounded(BigInteger bytes, BigInteger unit) {
    BigInteger more = bytes.add(unit).subtract(BigInteger.ONE);
    return more.subtract(more.mod(unit)).max(unit);
  }

  private static BigInteger number(Session session, String variable) throws SQLException {
    return session
        .row("SELECT @@GLOBAL.%s".formatted(variable))
        .map(row -> new BigInteger(row.values().iterator().next()))
        .orElseThrow(() -> new SQLException("the server has no " + variable));
  }

  private static String status(Session session) throws SQLException {
    return Optional.ofNullable(
            session.pairs("SHOW GLOBAL STATUS LIKE '" + STATUS + "'").get(STATUS))
        .filter(text -> !text.isEmpty())
        .orElse("it doesn't say why");
  }

  private static void pause() throws SQLException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while the buffer pool was resized", e);
    }
  }
}
