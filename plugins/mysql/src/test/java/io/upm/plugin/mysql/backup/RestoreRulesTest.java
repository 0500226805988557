package io.upm.plugin.mysql.backup;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.spi.engine.EngineVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestoreRulesTest {
  @ParameterizedTest
  @CsvSource({"8.0.33, 8.0.33", "8.0.33, 8.0.41", "8.4.1, 8.4.5", "9.0.1, 9.7.4"})
  void aBackupGoesToItsVersionAndLaterOnesOfItsSeries(String backup, String here) {
    assertThatCode(() -> RestoreRules.checkVersion(backup, EngineVersion.parse(here)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"8.0.41, 8.0.33", "8.0.33, 8.4.5", "8.4.5, 9.7.4", "9.7.4, 8.0.33"})
  void andToNoOther(String backup, String here) {
    assertThatThrownBy(() -> RestoreRules.checkVersion(backup, EngineVersion.parse(here)))
        .hasMessageContaining("a backup of MySQL %s can be restored".formatted(backup))
        .hasMessageContaining("and not on " + here);
  }

  @ParameterizedTest
  @CsvSource({"8.0.33, 8.0.33", "8.0.33, 8.4.5", "8.0.41, 9.7.4"})
  void oneOfADatabaseGoesToItsVersionAndAllLaterOnes(String backup, String here) {
    assertThatCode(() -> RestoreRules.checkNotOlder(backup, EngineVersion.parse(here)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"8.0.41, 8.0.33", "9.7.4, 8.4.5"})
  void andToNoEarlierOne(String backup, String here) {
    assertThatThrownBy(() -> RestoreRules.checkNotOlder(backup, EngineVersion.parse(here)))
        .hasMessage(
            "spec.parameters.source: a backup of MySQL %s can be restored on %s and later, and not on %s",
            backup, backup, here);
  }

  @Test
  void roomIsNeededBesideThePresentData() {
    assertThatCode(() -> RestoreRules.checkRoom(5 << 20, 6 << 20)).doesNotThrowAnyException();
    assertThatThrownBy(() -> RestoreRules.checkRoom(7 << 20, 6 << 20))
        .hasMessageContaining("6 MiB free; the backup alone has 7 MiB")
        .hasMessageContaining("discard-replaced");
  }
}
