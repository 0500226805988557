package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.client.Session;
import io.upm.spi.PluginException;
import io.upm.spi.metric.EngineMetrics;
import io.upm.spi.metric.MetricFamily;
import io.upm.spi.metric.MetricSample;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Metrics of a real server; with little memory, and so without the performance schema. */
@ParameterizedClass(name = "{0}")
@MethodSource("units")
final class MetricsIT {
  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private final Unit unit;
  private final EngineMetrics metrics;

  MetricsIT(Unit unit) {
    this.unit = unit;
    this.metrics = unit.lifecycle().metrics().orElseThrow();
  }

  static Stream<Unit> units() {
    return Images.all().stream()
        .map(image -> Unit.running(Unit.Plan.of(image, "rpl_semi_sync", 0)));
  }

  @Test
  void everyDeclaredFamilyIsThere() {
    unit.run(
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = 1,"
            + " SOURCE_AUTO_POSITION = 1");
    List<MetricSample> samples = collect();
    unit.run("RESET REPLICA ALL");

    assertThat(metrics.families().stream().map(MetricFamily::name))
        .filteredOn(name -> samples.stream().noneMatch(one -> one.family().name().equals(name)))
        .as("what a server that never replicated, and is in no group, can't know")
        .containsExactly(
            "mysql_replica_lag_seconds",
            "mysql_group_replication_members",
            "mysql_group_replication_member_info");
    assertThat(samples.stream().map(one -> one.family().name() + one.labels()))
        .doesNotHaveDuplicates();
    assertThat(samples).allMatch(one -> metrics.families().contains(one.family()));
    assertThat(value(samples, "mysql_replica_io_running", "")).isZero();
    assertThat(collect()).noneMatch(one -> one.family().name().startsWith("mysql_replica_"));
  }

  @Test
  void whatIsDoneIsCounted() {
    open();
    List<MetricSample> before = collect();

    unit.run("CREATE DATABASE counted");
    unit.run("CREATE TABLE counted.t (id INT PRIMARY KEY)");
    unit.run("INSERT INTO counted.t VALUES (1), (2), (3)");
    unit.run("FLUSH BINARY LOGS");
    unit.run("DROP DATABASE counted");

    List<MetricSample> after = collect();
    assertThat(value(after, "mysql_innodb_rows_total", "inserted"))
        .isGreaterThanOrEqualTo(value(before, "mysql_innodb_rows_total", "inserted") + 3);
    assertThat(value(after, "mysql_commands_total", "create_table"))
        .isEqualTo(value(before, "mysql_commands_total", "create_table") + 1);
    assertThat(value(after, "mysql_binary_logs")).isEqualTo(value(before, "mysql_binary_logs") + 1);
    assertThat(value(after, "mysql_binary_logs_size_bytes"))
        .isGreaterThan(value(before, "mysql_binary_logs_size_bytes"));
    assertThat(value(after, "mysql_read_only")).isZero();
    assertThat(value(before, "mysql_innodb_buffer_pool_size_bytes"))
        .isEqualTo(Double.parseDouble(unit.value("SELECT @@GLOBAL.innodb_buffer_pool_size")));
    close();
  }

  @Test
  void theAccountThatMayDoTheLeastReadsThem() {
    collect();

    assertThat(unit.rows("SHOW PROCESSLIST").stream().map(row -> row.get("user")))
        .contains("monitor")
        .doesNotContain("replication");
  }

  @Test
  void aServerThatTakesNoMoreConnectionsIsMeasuredStill() throws SQLException {
    collect();
    String most = unit.value("SELECT @@GLOBAL.max_connections");
    try (Session administrator = unit.admin()) {
      administrator.run("SET GLOBAL max_connections = 1");

      assertThatThrownBy(() -> unit.session("monitor")).hasMessageContaining("Too many");
      List<MetricSample> samples = collect();

      administrator.run("SET GLOBAL max_connections = " + most);
      assertThat(value(samples, "mysql_max_connections")).isEqualTo(1);
      assertThat(value(samples, "mysql_threads_connected")).isGreaterThanOrEqualTo(2);
      assertThat(value(samples, "mysql_connection_errors_total", "max_connections")).isPositive();
    }
  }

  @Test
  void aServerThatHangsIsGivenUpInTime() {
    collect();
    unit.box().signal("STOP");
    long begin = System.nanoTime();
    try {
      assertThatThrownBy(this::collect)
          .isInstanceOfSatisfying(
              PluginException.class,
              hung -> assertThat(hung.kind()).isEqualTo(PluginException.Kind.TRANSIENT))
          .hasMessageStartingWith("the server can't be asked: ");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENCE);
    } finally {
      unit.box().signal("CONT");
    }
    assertThat(collect()).isNotEmpty();
  }

  @Test
  void aGroupsMemberSaysHowItIs() {
    open();
    unit.run("INSTALL PLUGIN group_replication SONAME 'group_replication.so'");
    unit.run("SET GLOBAL group_replication_group_name = '8a94f357-aab4-11df-86ab-c80aa9429562'");
    unit.run("SET GLOBAL group_replication_local_address = '127.0.0.1:33061'");
    unit.run("SET GLOBAL group_replication_bootstrap_group = ON");
    try {
      unit.run("START GROUP_REPLICATION");

      List<MetricSample> samples = collect();

      assertThat(value(samples, "mysql_group_replication_members", "ONLINE")).isEqualTo(1);
      assertThat(value(samples, "mysql_group_replication_member_info", "ONLINE", "PRIMARY"))
          .isEqualTo(1);
    } finally {
      unit.run("STOP GROUP_REPLICATION");
      open();
      unit.run("UNINSTALL PLUGIN group_replication");
      unit.run("RESET REPLICA ALL");
      close();
    }
  }

  private void open() {
    unit.run("SET GLOBAL super_read_only = OFF");
    unit.run("SET GLOBAL read_only = OFF");
  }

  private void close() {
    unit.run("SET GLOBAL super_read_only = ON");
  }

  private List<MetricSample> collect() {
    return metrics.collect(unit.instance(), LIMIT);
  }

  private static double value(List<MetricSample> samples, String name, String... labels) {
    Map<List<String>, Double> values =
        samples.stream()
            .filter(one -> one.family().name().equals(name))
            .collect(Collectors.toMap(MetricSample::labels, MetricSample::value));
    assertThat(values).as(name).containsKey(List.of(labels));
    return values.getOrDefault(List.of(labels), 0.0);
  }
}
