package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Server, agent or both are killed while a change of parameters is on its way through them: ever
 * later, so that over the rounds each of its steps is met.
 */
@Tag("side-by-side")
class KilledChangesIT {
  private static final String SET = "killed";
  private static final String UNIT = SET + "-0";
  private static final String ENGINE = "mysql";
  private static final String SERVER = "mysqld";
  private static final String AGENT = "java";
  private static final int ROUNDS = 6;
  private static final long STEP_MILLIS = 400;
  private static final List<List<String>> VICTIMS =
      List.of(List.of(SERVER), List.of(AGENT), List.of(SERVER, AGENT));

  @Test
  void theServerIsBackWithWhatIsAskedForAndWithWhatWasGoodBeforeWhatItRefuses() throws Exception {
    try (var cluster = Cluster.inNamespace("acceptance-killed")) {
      cluster.apply(Manifests.secret(SET + "-secret"));
      want(cluster, Map.of());
      cluster.awaitReady(SET, 1);
      var database = Database.ofUnit(cluster, UNIT);
      database.execute("CREATE DATABASE kept", "CREATE TABLE kept.t (n INT PRIMARY KEY)");
      for (int round = 0; round < ROUNDS; round++) {
        database.execute("INSERT INTO kept.t VALUES (%d)".formatted(round));
        String connections = String.valueOf(100 + round);
        want(cluster, Map.of("max_connections", connections, "back_log", connections));
        killAfter(round, cluster);
        awaitValue(cluster, database, "max_connections", connections);
        if (round % 3 == 2) {
          want(cluster, Map.of("max_connections", "7", "optimizer_switch", "no_such=on"));
          killAfter(round, cluster);
          cluster.await("it is refused", () -> "Refused".equals(reason(cluster)));
          awaitValue(cluster, database, "max_connections", connections);
        }
      }
      String last = String.valueOf(100 + ROUNDS - 1);
      want(cluster, Map.of("max_connections", last, "back_log", last));
      cluster.await("nothing is refused", () -> !"Refused".equals(reason(cluster)));
      cluster.kill(UNIT, ENGINE, SERVER);
      awaitValue(cluster, database, "back_log", last);
      cluster.awaitReady(SET, 1);
      assertThat(reason(cluster)).isEqualTo("Applied");
      assertThat(database.read("SELECT COUNT(*) FROM kept.t"))
          .containsExactly(String.valueOf(ROUNDS));
      assertThat(cluster.restarts(UNIT)).as("restarts of the container").isZero();
    }
  }

  private static void want(Cluster cluster, Map<String, String> parameters) {
    String lines =
        parameters.entrySet().stream()
            .map(one -> "    %s: \"%s\"\n".formatted(one.getKey(), one.getValue()))
            .collect(Collectors.joining("", "  parameters:\n", ""));
    cluster.apply(
        Manifests.file(
                "unitset.yaml", "name", SET, "version", "8.0.33", "units", "1", "mode", "none")
            .replace("  topology:\n    mode: none\n", parameters.isEmpty() ? "" : lines));
  }

  /** The moment is all there is to choose: nobody tells from outside which step is being taken. */
  private static void killAfter(int round, Cluster cluster) {
    LockSupport.parkNanos(round * STEP_MILLIS * 1_000_000);
    VICTIMS.get(round % VICTIMS.size()).forEach(process -> cluster.kill(UNIT, ENGINE, process));
  }

  private static void awaitValue(
      Cluster cluster, Database database, String variable, String value) {
    cluster.await(
        variable + " is " + value,
        () -> database.tryRead("SELECT @@GLOBAL." + variable).equals(List.of(value)));
  }

  private static String reason(Cluster cluster) {
    return Cluster.condition(cluster.find("Unit", UNIT).orElseThrow(), "ConfigApplied", "reason");
  }
}
