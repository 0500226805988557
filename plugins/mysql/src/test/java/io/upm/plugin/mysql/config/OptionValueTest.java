package io.upm.plugin.mysql.config;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
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

  @Property
  void isReadAsItWasWritten(
      @ForAll
          @StringLength(max = 20)
          @AlphaChars
          @Chars({' ', '"', '\\', '\t', 't', '#', '\'', '=', '[', ';', 'n'})
          String value) {
    assertThat(OptionValue.read(OptionValue.of(value))).isEqualTo(value);
  }
}
