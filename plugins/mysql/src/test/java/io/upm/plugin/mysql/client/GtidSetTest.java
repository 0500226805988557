package io.upm.plugin.mysql.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GtidSetTest {
  private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
  private static final String B = "4a6f3b1c-0000-11ee-8000-0242ac120002";

  @Test
  void readsWhatServersWrite() {
    assertThat(GtidSet.parse("").isEmpty()).isTrue();
    assertThat(GtidSet.parse(A + ":1-5:7:9-10,\n" + B + ":3"))
        .hasToString(A + ":1-5:7:9-10," + B + ":3");
    assertThat(GtidSet.parse(A.toUpperCase(Locale.ROOT) + ":5:1-4, " + A + ":6-6"))
        .hasToString(A + ":1-6");
    assertThat(GtidSet.parse(A + ":1-3:Blue:1-2:5:red:7")).hasToString(A + ":1-3:blue:1-2:5:red:7");
    assertThat(GtidSet.parse(A + ":blue:1," + A + ":2")).hasToString(A + ":2:blue:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "3e11fa47-71ca-11e1-9e33-c80aa9429562",
        "3e11fa47-71ca-11e1-9e33-c80aa9429562:",
        "3e11fa47-71ca-11e1-9e33-c80aa9429562:0",
        "3e11fa47-71ca-11e1-9e33-c80aa9429562:5-4",
        "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-",
        "3e11fa47-71ca-11e1-9e33-c80aa9429562:-1",
        "3e11fa4771ca11e19e33c80aa9429562:1",
        "3e11fa47-71ca-11e1-9e33-c80aa9429562:1;2"
      })
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> GtidSet.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  /** A string comparison would say the opposite in each of these. */
  @Test
  void comparesNumbersNotText() {
    assertThat(GtidSet.parse(A + ":1-100").contains(GtidSet.parse(A + ":1-9"))).isTrue();
    assertThat(GtidSet.parse(A + ":1-9").contains(GtidSet.parse(A + ":1-100"))).isFalse();
    assertThat(GtidSet.parse(A + ":1-100000").contains(GtidSet.parse(A + ":1-99999"))).isTrue();
  }

  @Test
  void countsUpToTheLargestNumber() {
    var all = GtidSet.parse(A + ":1-9223372036854775807");
    assertThat(all.count()).isEqualTo(Long.MAX_VALUE);
    assertThat(all.plus(GtidSet.parse(B + ":1-7")).count()).isEqualTo(Long.MAX_VALUE);
    assertThat(all.minus(GtidSet.parse(A + ":2-9223372036854775806")))
        .hasToString(A + ":1:9223372036854775807");
    assertThat(all.minus(all).isEmpty()).isTrue();
    assertThat(all.minus(GtidSet.parse(A + ":5-9223372036854775807"))).hasToString(A + ":1-4");
  }
}
