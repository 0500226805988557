package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.plugin.mysql.client.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A server with a full buffer pool and every connection in use stays within its unit's memory. */
final class SizingIT {
  private static final long AGENT_MIB = 100;

  static Stream<Arguments> sizes() {
    return Images.all().stream()
        .flatMap(image -> Stream.of(512, 1024).map(memory -> Arguments.of(image, memory)));
  }

  @ParameterizedTest(name = "{0} with {1} MiB")
  @MethodSource("sizes")
  void staysWithinItsLimit(String image, int memory) throws SQLException {
    try (Unit unit = Unit.running(Unit.Plan.of(image, "standalone", 0).withMemory(memory))) {
      long pool = Long.parseLong(unit.value("SELECT @@innodb_buffer_pool_size"));
      fill(unit, pool + pool / 5);
      long quiet = unit.box().memoryMiB();

      long busy = memoryWithAllConnections(unit);

      System.out.printf(
          "%s, %d MiB: buffer pool %d MiB, full %d MiB, with %s connections %d MiB%n",
          image, memory, pool >> 20, quiet, unit.value("SELECT @@max_connections"), busy);
      assertThat(unit.value("SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_free'")).isNotNull();
      assertThat(busy).isLessThanOrEqualTo(memory - AGENT_MIB);
      assertThat(pool >> 20).as("what is left unused").isGreaterThan(memory / 6);
    }
  }

  private static void fill(Unit unit, long bytes) throws SQLException {
    try (Session session = unit.admin()) {
      session.run("CREATE DATABASE big");
      session.run("CREATE TABLE big.t (id INT AUTO_INCREMENT PRIMARY KEY, c VARCHAR(8000))");
      session.run("INSERT INTO big.t (c) VALUES (REPEAT('x', 7000))");
      for (long size = 8000; size < bytes; size += Math.min(size, 4000 * 8000)) {
        session.run("INSERT INTO big.t (c) SELECT c FROM big.t LIMIT 4000");
      }
      session.row("SELECT COUNT(*) FROM big.t WHERE c LIKE '%y%'");
    }
  }

  private static long memoryWithAllConnections(Unit unit) throws SQLException {
    int most = Integer.parseInt(unit.value("SELECT @@max_connections")) - 3;
    List<Session> sessions = new ArrayList<>();
    try {
      for (int count = 0; count < most; count++) {
        Session session = unit.admin();
        sessions.add(session);
        session.row("SELECT id, COUNT(*) FROM big.t WHERE id < 3000 GROUP BY id ORDER BY 2, 1 DESC");
      }
      return unit.box().memoryMiB();
    } finally {
      sessions.forEach(Session::close);
    }
  }
}
