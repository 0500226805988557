package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StatusTextTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("screens")
  void drawsTheScreen(String file, StatusView view, boolean wide) {
    String text = draw(view, wide, Style.PLAIN);

    Golden.assertMatches(file, text);
  }

  static Stream<Arguments> screens() {
    return Stream.of(
        Arguments.of("healthy.txt", Views.healthy(), false),
        Arguments.of("healthy-wide.txt", Views.healthy(), true),
        Arguments.of("troubled.txt", Views.troubled(), false),
        Arguments.of("troubled-wide.txt", Views.troubled(), true),
        Arguments.of("without-units.txt", Views.withoutUnits(), false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("screens")
  void narrowScreensFit120Columns(String file, StatusView view, boolean wide) {
    if (!wide) {
      assertThat(draw(view, false, Style.PLAIN).lines()).allMatch(line -> line.length() <= 120);
    }
  }

  @Test
  void colourChangesNothingButColour() {
    String coloured = draw(Views.troubled(), false, Style.COLOUR);

    assertThat(coloured).contains("\u001B[31mnot Ready\u001B[0m");
    assertThat(coloured.replaceAll("\u001B\\[[0-9]*m", ""))
        .isEqualTo(draw(Views.troubled(), false, Style.PLAIN));
  }

  private static String draw(StatusView view, boolean wide, Style style) {
    return StatusText.draw(view, new StatusText.Options(wide, style, Views.NOW));
  }
}
