package io.upm.plugin.mysql.backup;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloneRulesTest {
  private static final long MIB = 1 << 20;

  @ParameterizedTest
  @CsvSource({"0, 128", "100, 228", "1280, 1408", "10000, 11000"})
  void roomIsNeededForTheCopyAndForWhatIsWrittenMeanwhile(long mebibytes, long enough) {
    assertThatCode(() -> CloneRules.checkRoom(mebibytes * MIB, enough * MIB))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> CloneRules.checkRoom(mebibytes * MIB, enough * MIB - 1))
        .hasMessage(
            "the data volume has %d MiB free; a physical-backup needs %d MiB there for a copy of the"
                + " data and what is written meanwhile: grow the volume, or take a logical-backup",
            enough - 1, enough);
  }

  @Test
  void whatWouldBeEmptyIsRefused() {
    assertThatCode(() -> CloneRules.checkEngines("")).doesNotThrowAnyException();
    assertThatThrownBy(() -> CloneRules.checkEngines("shop.old (MyISAM)"))
        .hasMessage(
            "table shop.old (MyISAM) is not InnoDB's, and would be empty in a copy: take"
                + " a logical-backup, or ALTER TABLE … ENGINE=InnoDB");
  }
}
