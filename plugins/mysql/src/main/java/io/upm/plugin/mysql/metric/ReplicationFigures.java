package io.upm.plugin.mysql.metric;

import static io.upm.spi.metric.MetricFamily.gauge;

import io.upm.spi.metric.MetricFamily;
import io.upm.spi.metric.MetricSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a replica says of its channels, and a group's member of its group. */
final class ReplicationFigures {
  private static final String CHANNEL = "channel";

  private static final MetricFamily IO =
      gauge("mysql_replica_io_running", "", "Whether it is connected to its source.", CHANNEL);

  private static final MetricFamily SQL =
      gauge("mysql_replica_sql_running", "", "Whether it applies what it receives.", CHANNEL);

  private static final MetricFamily LAG =
      gauge(
          "mysql_replica_lag_seconds",
          "seconds",
          "How far it is behind; absent while it can't know.",
          CHANNEL);

  private static final MetricFamily IO_ERROR =
      gauge("mysql_replica_io_error_code", "", "Error of the receiver; 0 without one.", CHANNEL);

  private static final MetricFamily SQL_ERROR =
      gauge("mysql_replica_sql_error_code", "", "Error of the applier; 0 without one.", CHANNEL);

  private static final MetricFamily RELAY_LOG =
      gauge(
          "mysql_replica_relay_log_bytes",
          "bytes",
          "Size of the relay logs that are not applied and cleared up yet.",
          CHANNEL);

  private static final MetricFamily MEMBERS =
      gauge(
          "mysql_group_replication_members",
          "",
          "Members of the group by state, as this one sees them.",
          "state");

  private static final MetricFamily MEMBER =
      gauge(
          "mysql_group_replication_member_info",
          "",
          "State and role of this member of a group.",
          "state",
          "role");

  /** Named by their columns in {@code SHOW REPLICA STATUS}. */
  private static final List<Figure> CHANNELS =
      List.of(
          column(IO, "replica_io_running"),
          column(SQL, "replica_sql_running"),
          column(LAG, "seconds_behind_source"),
          column(IO_ERROR, "last_io_errno"),
          column(SQL_ERROR, "last_sql_errno"),
          column(RELAY_LOG, "relay_log_space"));

  static final List<MetricFamily> FAMILIES =
      List.of(IO, SQL, LAG, IO_ERROR, SQL_ERROR, RELAY_LOG, MEMBERS, MEMBER);

  private ReplicationFigures() {}

  private static Figure column(MetricFamily family, String name) {
    return new Figure(family, List.of(""), name, 1);
  }

  /** A receiver that tries to connect is not connected. */
  static List<MetricSample> channels(List<Map<String, String>> rows) {
    var samples = new ArrayList<MetricSample>();
    for (Map<String, String> row : rows) {
      String channel = row.getOrDefault("channel_name", "");
      var values = new TreeMap<>(row);
      values.computeIfPresent(
          "replica_io_running", (name, word) -> word.equals("Yes") ? word : "No");
      for (Figure figure : CHANNELS) {
        figure
            .in(values)
            .ifPresent(found -> samples.add(found.family().sample(found.value(), channel)));
      }
    }
    return samples;
  }

  /**
   * A server that is in no group has one row without an id, or none.
   *
   * @param rows of {@code performance_schema.replication_group_members}
   * @param uuid of this server
   */
  static List<MetricSample> members(List<Map<String, String>> rows, String uuid) {
    var counts = new TreeMap<String, Integer>();
    var samples = new ArrayList<MetricSample>();
    for (Map<String, String> row : rows) {
      String id = row.getOrDefault("member_id", "");
      if (!id.isEmpty()) {
        String state = row.getOrDefault("member_state", "");
        counts.merge(state, 1, Integer::sum);
        if (id.equals(uuid)) {
          samples.add(MEMBER.sample(1, state, row.getOrDefault("member_role", "")));
        }
      }
    }
    counts.forEach((state, count) -> samples.add(MEMBERS.sample(count, state)));
    return samples;
  }
}
