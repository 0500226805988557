package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.DataLayout;
import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.action.CheckData;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionResult;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Data of a real server, sound and damaged. */
class CheckDataIT {
  private static final String OTHER = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5";

  static List<String> images() {
    return Images.all();
  }

  @ParameterizedTest
  @MethodSource("images")
  void whatIsSoundIsCountedAndWhatIsDamagedIsNamed(String image) throws IOException {
    try (Unit unit = Unit.running(Unit.Plan.of(image, MysqlEngine.STANDALONE, 0))) {
      fill(unit);
      String executed = unit.value("SELECT REPLACE(@@GLOBAL.gtid_executed, '\\n', '')");
      List<String> told = Collections.synchronizedList(new ArrayList<>());

      ActionResult sound = run(unit, executed, told);

      assertThat(sound.message()).isEqualTo("3 tables with 3004 rows are sound");
      assertThat(sound.values())
          .containsEntry("tables", "3")
          .containsEntry("rows", "3004")
          .containsEntry("gtidExecuted", executed);
      assertThat(told)
          .containsExactly(
              "0/3 checks odd `name.t",
              "1/3 checks shop.kept",
              "2/3 checks shop.orders",
              "3/3 all tables are checked");
      assertThat(run(unit, null, told).message()).isEqualTo(sound.message());
      assertThatThrownBy(() -> run(unit, OTHER, told))
          .hasMessage("the server lacks transactions that it should have: " + OTHER);
      assertThatThrownBy(() -> run(unit, "some", told))
          .hasMessageStartingWith("spec.parameters.gtidExecuted: \"some\" is not allowed");

      unit.stop();
      damage(DataLayout.of(unit.instance()).server().resolve("shop/orders.ibd"));
      unit.start();

      assertThatThrownBy(() -> run(unit, executed, told)).hasMessageContaining("shop.orders");
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void endsWhenItIsCancelled(String image) {
    try (Unit unit = Unit.running(Unit.Plan.of(image, MysqlEngine.STANDALONE, 0))) {
      fill(unit);
      // Nobody reads a table that another one has for itself.
      try (var session = unit.admin()) {
        session.run("LOCK TABLES shop.orders WRITE");
        var context =
            new UnitContext(unit) {
              @Override
              public boolean cancelled() {
                return waiting(unit);
              }
            };

        assertThatThrownBy(() -> new CheckData().run(new CheckData.Wanted(null), context))
            .hasMessage("it was cancelled while shop.orders was read");

        assertThat(waiting(unit)).isFalse();
      } catch (java.sql.SQLException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static boolean waiting(Unit unit) {
    return unit.rows("SHOW PROCESSLIST").stream()
        .anyMatch(row -> row.getOrDefault("info", "").contains("`orders`"));
  }

  private static void fill(Unit unit) {
    unit.run("CREATE DATABASE shop");
    unit.run("CREATE TABLE shop.orders (id INT PRIMARY KEY, text CHAR(200), KEY (text))");
    unit.run(
        "INSERT INTO shop.orders WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n"
            + " WHERE i < 1000) SELECT a.i + 1000 * (b.i - 1), a.i FROM n a JOIN n b ON b.i <= 3");
    unit.run("CREATE TABLE shop.kept (id INT PRIMARY KEY)");
    unit.run("INSERT INTO shop.kept VALUES (1), (2), (3)");
    unit.run("CREATE VIEW shop.seen AS SELECT id FROM shop.kept");
    unit.run("CREATE DATABASE `odd ``name`");
    unit.run("CREATE TABLE `odd ``name`.t (id INT PRIMARY KEY)");
    unit.run("INSERT INTO `odd ``name`.t VALUES (1)");
  }

  /** Pages after those that the server needs to open the table. */
  private static void damage(Path file) throws IOException {
    try (var table = new RandomAccessFile(file.toFile(), "rw")) {
      for (long page = 6; page < table.length() / 16_384; page++) {
        table.seek(page * 16_384 + 5_000);
        table.write(new byte[] {'d', 'a', 'm', 'a', 'g', 'e', 'd'});
      }
    }
  }

  private static ActionResult run(
      Unit unit, @org.jspecify.annotations.Nullable String gtids, List<String> told) {
    ActionContext context =
        new UnitContext(unit) {
          @Override
          public void progress(Progress progress) {
            told.add("%d/%d %s".formatted(progress.done(), progress.total(), progress.message()));
          }
        };
    return new CheckData().run(new CheckData.Wanted(gtids), context);
  }
}
