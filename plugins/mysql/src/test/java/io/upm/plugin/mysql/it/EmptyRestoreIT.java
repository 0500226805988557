package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.DataLayout;
import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.agent.Directories;
import io.upm.plugin.mysql.backup.LogicalBackup;
import io.upm.plugin.mysql.backup.Restore;
import io.upm.spi.action.ActionResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A backup of a real server, restored where there are no data yet. */
class EmptyRestoreIT {
  private static final String GTIDS = "SELECT @@GLOBAL.gtid_executed";

  static List<String> images() {
    return Images.all();
  }

  @ParameterizedTest
  @MethodSource("images")
  void anInstanceIsMadeOfItAndNeverTouchedAgain(String image) throws IOException {
    try (Unit unit = Unit.running(Unit.Plan.of(image, MysqlEngine.STANDALONE, 0))) {
      var store = new FolderStore(unit.box());
      unit.run("CREATE DATABASE shop");
      unit.run("CREATE TABLE shop.t (n INT PRIMARY KEY)");
      unit.run("INSERT INTO shop.t VALUES (1), (2)");
      String executed = unit.value(GTIDS);
      String place =
          new LogicalBackup(InstantSource.system())
              .run(
                  new LogicalBackup.Wanted(
                      "s3://backups/", null, null, "none", null, null, null, null),
                  new StoreContext(unit, store))
              .values()
              .get("backup");
      unit.stop();
      empty(unit);

      ActionResult result = restore(place, unit, store);

      assertThat(result.message()).isEqualTo("backup %s is restored".formatted(place));
      assertThat(result.values()).doesNotContainKey("replaced");
      assertThat(asides(unit)).isEmpty();
      refusesWhatIsThere(place, unit, store);
      interrupt(unit);
      assertThat(unit.lifecycle().isInitialized(unit.instance())).isFalse();
      assertThat(restore(place, unit, store).message())
          .isEqualTo("the data of a restore that was interrupted are here");
      refusesWhatIsThere(place, unit, store);
      unit.start();
      assertThat(unit.value("SELECT GROUP_CONCAT(n ORDER BY n) FROM shop.t")).isEqualTo("1,2");
      assertThat(unit.value(GTIDS)).isEqualTo(executed);
    }
  }

  private static void empty(Unit unit) throws IOException {
    DataLayout layout = DataLayout.of(unit.instance());
    for (Path each :
        List.of(layout.server(), layout.binaryLogs(), layout.relayLogs(), layout.temporary())) {
      Directories.delete(each);
    }
    assertThat(unit.lifecycle().isInitialized(unit.instance())).isFalse();
  }

  private static void refusesWhatIsThere(String place, Unit unit, FolderStore store) {
    assertThatThrownBy(() -> restore(place, unit, store))
        .hasMessageStartingWith("spec.parameters.overwrite is missing: ")
        .hasMessageContaining("as the unit's data are replaced");
    assertThat(unit.lifecycle().isInitialized(unit.instance())).isTrue();
  }

  /** As a crash leaves it that comes between the note of what is to be moved and the move. */
  private static void interrupt(Unit unit) throws IOException {
    Path made = unit.data().resolve(".restore-1/data");
    Files.createDirectories(made.getParent());
    Files.move(DataLayout.of(unit.instance()).server(), made);
    Files.createDirectories(unit.data().resolve("replaced-now"));
    Files.writeString(unit.data().resolve("replacement"), ".restore-1/data\nreplaced-now\n");
  }

  private static List<Path> asides(Unit unit) throws IOException {
    try (var content = Files.list(unit.data())) {
      return content.filter(path -> path.getFileName().toString().startsWith("replaced-")).toList();
    }
  }

  private static ActionResult restore(String place, Unit unit, FolderStore store) {
    return new Restore(InstantSource.system())
        .run(new Restore.Wanted(place, null, null, null, null), new StoreContext(unit, store));
  }
}
