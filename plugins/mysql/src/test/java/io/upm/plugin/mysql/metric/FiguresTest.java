package io.upm.plugin.mysql.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.spi.metric.MetricSample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void numbersAndWordsAreValuesAndAllElseIsNone() {
    assertThat(Figure.number("17")).contains(17.0);
    assertThat(Figure.number("1.5")).contains(1.5);
    assertThat(Figure.number("18446744073709551615")).contains(1.8446744073709552E19);
    assertThat(Figure.number("ON")).contains(1.0);
    assertThat(Figure.number("No")).contains(0.0);
    for (String none : List.of("", "NULL", "Connecting", "-1", "nan")) {
      assertThat(Figure.number(none)).as(none).isEmpty();
    }
  }

  @Test
  void whatThisVersionDoesNotKeepIsLeftOut() {
    assertThat(InnodbFigures.checkpointAge(Map.of(InnodbFigures.CURRENT_LSN, "5"))).isEmpty();
    assertThat(
            InnodbFigures.checkpointAge(
                Map.of(InnodbFigures.CURRENT_LSN, "50", InnodbFigures.CHECKPOINT_LSN, "8")))
        .hasValueSatisfying(age -> assertThat(age.value()).isEqualTo(42));
    assertThat(ServerFigures.STATUS)
        .allSatisfy(figure -> assertThat(figure.in(Map.of())).isEmpty());
  }

  @Test
  void everyChannelSaysHowItRuns() {
    Map<String, String> connecting =
        Map.of(
            "channel_name", "",
            "replica_io_running", "Connecting",
            "replica_sql_running", "Yes",
            "seconds_behind_source", "",
            "last_io_errno", "2003",
            "last_sql_errno", "0",
            "relay_log_space", "123");
    Map<String, String> running =
        Map.of(
            "channel_name", "other",
            "replica_io_running", "Yes",
            "replica_sql_running", "No",
            "seconds_behind_source", "7");

    assertThat(text(ReplicationFigures.channels(List.of(connecting, running))))
        .containsExactly(
            "mysql_replica_io_running[] 0.0",
            "mysql_replica_sql_running[] 1.0",
            "mysql_replica_io_error_code[] 2003.0",
            "mysql_replica_sql_error_code[] 0.0",
            "mysql_replica_relay_log_bytes[] 123.0",
            "mysql_replica_io_running[other] 1.0",
            "mysql_replica_sql_running[other] 0.0",
            "mysql_replica_lag_seconds[other] 7.0");
  }

  @Test
  void membersAreCountedByState() {
    assertThat(
            text(
                ReplicationFigures.members(
                    List.of(
                        member("a", "ONLINE", "PRIMARY"),
                        member("b", "ONLINE", "SECONDARY"),
                        member("c", "RECOVERING", "SECONDARY")),
                    "b")))
        .containsExactly(
            "mysql_group_replication_member_info[ONLINE, SECONDARY] 1.0",
            "mysql_group_replication_members[ONLINE] 2.0",
            "mysql_group_replication_members[RECOVERING] 1.0");
    assertThat(ReplicationFigures.members(List.of(member("", "OFFLINE", "")), "")).isEmpty();
  }

  private static Map<String, String> member(String id, String state, String role) {
    return Map.of("member_id", id, "member_state", state, "member_role", role);
  }

  private static List<String> text(List<MetricSample> samples) {
    return samples.stream()
        .map(one -> one.family().name() + one.labels() + " " + one.value())
        .toList();
  }
}
