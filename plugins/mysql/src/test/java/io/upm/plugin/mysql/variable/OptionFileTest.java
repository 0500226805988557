package io.upm.plugin.mysql.variable;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.plugin.mysql.config.MysqlParameters;
import io.upm.spi.config.Impact;
import io.upm.spi.config.ParameterChange;
import io.upm.spi.engine.EngineVersion;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionFileTest {
  @Test
  void theLastLineCountsAndNamesAreThoseOfVariables() {
    OptionFile file =
        OptionFile.parse(
            """
            # max_connections = 1
            [client]
            max_connections = 2
            [mysqld]
            max-connections = 3
            max_connections = 4
            loose_rpl_semi_sync_source_timeout = 5
            plugin_load_add = a.so
            plugin_load_add = b.so
            skip_name_resolve
            init_connect = "SET NAMES 'x' # no comment"
            """);

    assertThat(file.options())
        .containsEntry("max_connections", "4")
        .containsEntry("rpl_semi_sync_source_timeout", "5")
        .containsEntry("plugin_load_add", "a.so,b.so")
        .containsEntry("skip_name_resolve", "")
        .containsEntry("init_connect", "\"SET NAMES 'x' # no comment\"")
        .hasSize(5);
  }

  @Test
  void anotherWordForTheSameValueIsNoChange() {
    assertThat(
            changes(
                "sql_mode = A,B\nmax_allowed_packet = 64M\nlocal_infile = ON",
                "sql_mode = A,B\nmax_allowed_packet = 67108864\nlocal_infile = 1"))
        .isEmpty();
  }

  @Test
  void whatIsNoParameterTakesARestart() {
    assertThat(changes("report_host = a\nwait_timeout = 9", "report_host = b\nmax_connections = 5"))
        .containsExactly(
            new ParameterChange("max_connections", "", "5", Impact.DYNAMIC),
            new ParameterChange("report_host", "a", "b", Impact.RESTART),
            new ParameterChange("wait_timeout", "9", "", Impact.DYNAMIC));
  }

  @Test
  void anEmptyTextIsNotTheDefault() {
    assertThat(changes("", "sql_mode = \"\""))
        .containsExactly(new ParameterChange("sql_mode", "", "\"\"", Impact.DYNAMIC));
  }

  private static List<ParameterChange> changes(String before, String after) {
    return LiveVariables.changes(
        MysqlParameters.of(EngineVersion.parse("8.0.33")),
        OptionFile.parse("[mysqld]\n" + before),
        OptionFile.parse("[mysqld]\n" + after));
  }
}
