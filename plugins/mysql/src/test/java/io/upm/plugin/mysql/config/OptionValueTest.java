package io.upm.plugin.mysql.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionValueTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "128M | 128M",
        "a,b=on | a,b=on",
        "+00:00 | +00:00",
        "`` | `\"\"`",
        "a b | `\"a b\"`",
        "a#b | `\"a#b\"`",
        "say \"x\" | `\"say \\\"x\\\"\"`",
        "c:\\d | `\"c:\\\\d\"`"
      })
  void quotesWhatWouldBeReadAsSomethingElse(String value, String written) {
    assertThat(OptionValue.of(value)).isEqualTo(written);
  }
}
