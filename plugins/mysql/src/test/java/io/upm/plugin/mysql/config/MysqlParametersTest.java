package io.upm.plugin.mysql.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.spi.config.Parameter;
import io.upm.spi.engine.EngineVersion;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MysqlParametersTest {
  /** What UPM decides by itself; a user's value would break replication or the Pod. */
  private static final Set<String> OURS =
      Set.of(
          "server_id",
          "server_uuid",
          "gtid_mode",
          "enforce_gtid_consistency",
          "log_bin",
          "log_replica_updates",
          "read_only",
          "super_read_only",
          "skip_replica_start",
          "datadir",
          "port",
          "socket",
          "report_host",
          "rpl_semi_sync_source_enabled",
          "rpl_semi_sync_replica_enabled",
          "relay_log_recovery",
          "skip_name_resolve");

  @ParameterizedTest
  @ValueSource(strings = {"8.0.26", "8.0.33", "8.0.41", "8.4.5", "9.0.1", "9.7.4"})
  void everyVersionHasAtLeastAsManyAsBefore(String version) {
    assertThat(MysqlParameters.of(EngineVersion.parse(version)).all())
        .hasSizeGreaterThanOrEqualTo(150)
        .extracting(Parameter::name)
        .doesNotContainAnyElementsOf(OURS);
  }

  @Test
  void knowsWhatCameAndWent() {
    assertThat(find("8.0.29", "innodb_redo_log_capacity")).isFalse();
    assertThat(find("8.0.29", "innodb_log_file_size")).isTrue();
    assertThat(find("8.0.30", "innodb_redo_log_capacity")).isTrue();
    assertThat(find("8.0.30", "innodb_log_file_size")).isFalse();
    assertThat(find("8.0.33", "set_operations_buffer_size")).isFalse();
    assertThat(find("9.7.4", "set_operations_buffer_size")).isTrue();
  }

  private static boolean find(String version, String name) {
    return MysqlParameters.of(EngineVersion.parse(version)).find(name).isPresent();
  }
}
