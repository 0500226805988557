package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.action.GtidPurge;
import io.upm.spi.action.ActionResult;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transactions that a real server is told to have. */
class GtidPurgeIT {
  private static final String OTHER = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
  private static final String MORE = "4e11fa47-71ca-11e1-9e33-c80aa9429562";

  static List<String> images() {
    return Images.all();
  }

  @ParameterizedTest
  @MethodSource("images")
  void areAddedToThoseThatItHasAndSurviveARestart(String image) {
    try (Unit unit = Unit.running(Unit.Plan.of(image, MysqlEngine.STANDALONE, 0))) {
      unit.run("CREATE DATABASE shop");
      String own = executed(unit);

      ActionResult first = run(unit, OTHER + ":1-5, " + MORE + ":7");
      assertThat(first.message()).isEqualTo("added %s:1-5,%s:7".formatted(OTHER, MORE));
      ActionResult second = run(unit, OTHER + ":3-9," + own);
      assertThat(second.message()).isEqualTo("added %s:6-9".formatted(OTHER));
      assertThat(run(unit, OTHER + ":1-9").message()).isEqualTo("all of them are there already");

      assertThat(executed(unit)).contains(own, OTHER + ":1-9", MORE + ":7");
      assertThat(second.values().get("gtidExecuted")).isEqualTo(executed(unit));
      unit.kill();
      unit.start();
      assertThat(executed(unit)).isEqualTo(second.values().get("gtidExecuted"));

      unit.run(
          "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '192.0.2.1', SOURCE_USER = 'nobody',"
              + " SOURCE_AUTO_POSITION = 1");
      unit.run("START REPLICA IO_THREAD");
      assertThatThrownBy(() -> run(unit, MORE + ":8"))
          .hasMessageContaining("it replicates, and gets what it lacks that way");
    }
  }

  private static String executed(Unit unit) {
    return unit.value("SELECT REPLACE(@@GLOBAL.gtid_executed, '\\n', '')");
  }

  private static ActionResult run(Unit unit, String gtids) {
    return new GtidPurge().run(new GtidPurge.Wanted(gtids, null), new UnitContext(unit));
  }
}
