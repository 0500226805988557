package io.upm.plugin.mysql.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.client.GtidSet;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UntilTest {
  private static final String GTID = "3e11fa47-71ca-11e1-9e33-c80aa9429562:23";

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T10:15:00Z, 2026-11-22T10:15:00Z",
    "2026-11-22T10:15:00.123456+02:00, 2026-11-22T08:15:00.123456Z",
    " 2026-11-22t10:15:00z , 2026-11-22T10:15:00Z"
  })
  void aTimeHasItsZoneWithIt(String text, Instant time) {
    assertThat(Until.parse(text)).contains(new Until.Time(time));
  }

  @Test
  void orItIsOneTransaction() {
    assertThat(Until.parse(GTID)).contains(new Until.Transaction(GtidSet.parse(GTID)));
  }

  @Test
  void orNothing() {
    assertThat(Until.parse(null)).isEmpty();
    assertThat(Until.parse(" ")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-22T10:15:00",
        "2026-11-22 10:15:00Z",
        "yesterday",
        GTID + "-24",
        GTID + ",4a6f3b1c-0000-11ee-8000-0242ac120002:1",
        "3e11fa47-71ca-11e1-9e33-c80aa9429562"
      })
  void allElseIsRefused(String text) {
    assertThatThrownBy(() -> Until.parse(text))
        .hasMessage(
            "spec.parameters.until: \"%s\" is not allowed: a time such as 2026-11-22T10:15:00Z, or"
                    .formatted(text)
                + " one transaction such as "
                + GTID);
  }
}
