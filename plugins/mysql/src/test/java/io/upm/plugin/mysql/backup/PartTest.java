package io.upm.plugin.mysql.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartTest {
  @Test
  void isTheWholeServerWhenNothingElseIsSaid() {
    assertThat(Part.of(null, null, null)).isEmpty();
    assertThat(Part.of("full", "", List.of())).isEmpty();
  }

  @Test
  void isADatabaseOrSomeOfItsTables() {
    assertThat(Part.of(null, "shop", null)).contains(new Part("shop", List.of()));
    assertThat(Part.of("database", "shop", null)).contains(new Part("shop", List.of()));
    assertThat(Part.of("table", "shop", List.of("t"))).contains(new Part("shop", List.of("t")));
  }

  @ParameterizedTest
  @CsvSource({
    "database, , , 'spec.parameters.backupType: \"database\" is not allowed: full, or'",
    "incremental, , , 'spec.parameters.backupType: \"incremental\" is not allowed: full, or'",
    "full, shop, , 'spec.parameters.backupType: \"full\" is not allowed: database, as'",
    "table, shop, , 'spec.parameters.backupType: \"table\" is not allowed: database, as'",
    "database, shop, t, 'spec.parameters.backupType: \"database\" is not allowed: table, as'",
    ", , t, 'spec.parameters.database is missing: the database that the tables are in'"
  })
  void isNothingThatContradictsItself(String type, String database, String table, String says) {
    List<String> tables = table == null ? List.of() : List.of(table);

    assertThatThrownBy(() -> Part.of(type, database, tables)).hasMessageStartingWith(says);
  }

  @Test
  void isDumpedWithoutAnOptionThatANameWouldBe() {
    assertThat(new Part("--all-databases", List.of("--help")).arguments())
        .containsSubsequence("--", "--all-databases", "--help")
        .doesNotContain("--routines", "--events");
    assertThat(new Part("shop", List.of()).arguments())
        .containsExactly("--set-gtid-purged=OFF", "--routines", "--events", "--", "shop");
  }

  @Test
  void liesBesideTheBackupsOfAllDatabases() {
    assertThat(Part.folder(Place.of("destination", "s3://backups/x").below("ns").below("set")))
        .hasToString("s3://backups/x/ns/set/databases/");
  }
}
