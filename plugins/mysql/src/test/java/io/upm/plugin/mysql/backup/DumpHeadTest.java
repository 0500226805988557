package io.upm.plugin.mysql.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DumpHeadTest {
  @Test
  void tellsGtidsOfSeveralServersAndCoordinates() {
    assertThat(
            DumpHead.position(
                """
                -- GTID state at the beginning of the backup
                --

                SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5,
                4e11fa47-71ca-11e1-9e33-c80aa9429562:1-3';

                -- CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='binlog.000003', SOURCE_LOG_POS=1234;
                """))
        .isEqualTo(
            Map.of(
                "gtidExecuted",
                "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5,4e11fa47-71ca-11e1-9e33-c80aa9429562:1-3",
                "binaryLogFile",
                "binlog.000003",
                "binaryLogOffset",
                "1234"));
  }

  @Test
  void knowsTheWordsOfVersion80() {
    assertThat(DumpHead.position("-- CHANGE MASTER TO MASTER_LOG_FILE='b.01', MASTER_LOG_POS=157;"))
        .isEqualTo(Map.of("binaryLogFile", "b.01", "binaryLogOffset", "157"));
  }

  @Test
  void tellsNothingThatIsNotThere() {
    assertThat(DumpHead.position("-- MySQL dump 10.13")).isEmpty();
  }
}
