package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.testkit.paper.Paper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference page of the paper engine. */
class EnginePageTest {
  @Test
  void saysAllThatThePluginSays() {
    assertThat(EnginePage.of(new Paper()))
        .contains(
            "# Paper\n",
            "| `1` | 1.0.0 | 2.0 | `paper:{version}` |",
            "| `paper` | 4711 | clients |",
            "| `data` | data | yes |",
            "| writer | `WRITER_USER` | `writer` | yes | Writes. |",
            "| `pair` | 2 | `PaperPair` | An original and its copies. |",
            "| `PaperPair` | `paperpairs`, `pp` |",
            "| `fold` | `times` | any | no | yes |",
            "| `pages` | a whole number from 1 to 100 | `10` | at once |  | How many pages there are. |")
        .isEqualTo(EnginePage.of(new Paper()));
  }

  @Test
  void aPageThatSaysSomethingElseIsFound(@TempDir Path directory) throws IOException {
    Path page = Files.writeString(directory.resolve("paper.md"), EnginePage.of(new Paper()));
    EnginePage.assertUpToDate(page, new Paper());

    Files.writeString(page, "something else");

    assertThatThrownBy(() -> EnginePage.assertUpToDate(page, new Paper()))
        .hasMessageContaining("-Dupm.docs.update=true");
  }
}
