package io.upm.plugin.mysql.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.DataLayout;
import io.upm.spi.PluginException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplacementTest {
  private static final String ASIDE = "replaced-now";

  @TempDir private Path root;
  private DataLayout layout;
  private Path made;

  @BeforeEach
  void make() throws IOException {
    layout =
        new DataLayout(
            root.resolve("data"),
            root.resolve("binlog"),
            root.resolve("relaylog"),
            root.resolve("tmp"),
            root,
            root.resolve("s"),
            root.resolve("x"),
            root.resolve("p"),
            root.resolve("o"));
    made = root.resolve(".restore-1/data");
    file(layout.server(), "old");
    file(layout.binaryLogs(), "old log");
    file(made, "new");
  }

  @Test
  void theOldAreMovedAsideWithTheirLogs() throws IOException {
    Replacement.begin(layout, made, ASIDE);

    assertReplaced();
  }

  @Test
  void whoIsInterruptedMeanwhileFindsItDone() throws IOException {
    Thread.currentThread().interrupt();
    try {
      moveUnderInterrupt();
    } finally {
      assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }

    assertReplaced();
  }

  /** The note is written by the caller's own thread, before anything is moved. */
  private void moveUnderInterrupt() throws IOException {
    boolean interrupted = Thread.interrupted();
    note();
    Files.createDirectories(root.resolve(ASIDE));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Replacement.moveInPeace(layout, made, root.resolve(ASIDE));
  }

  /** Each a state that a crash may leave, from before the first move to after the last. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whatACrashInterruptedIsFinished(int moves) throws IOException {
    note();
    Files.createDirectories(root.resolve(ASIDE));
    Files.move(layout.server(), root.resolve(ASIDE).resolve("data"));
    if (moves > 1) {
      Files.move(layout.binaryLogs(), root.resolve(ASIDE).resolve("binlog"));
    }
    if (moves > 2) {
      Files.createDirectories(layout.relayLogs());
    }

    assertThat(Replacement.finish(layout)).isTrue();

    assertReplaced();
    assertThat(Replacement.finish(layout)).isFalse();
  }

  @Test
  void oneThatWasNotBegunIsForgotten() throws IOException {
    note();

    Replacement.forget(layout);

    assertThat(layout.server().resolve("file")).hasContent("old");
    assertThat(Replacement.finish(layout)).isFalse();
  }

  @Test
  void withoutEitherNothingIsMade() throws IOException {
    note();
    Files.createDirectories(root.resolve(ASIDE));
    Files.move(layout.server(), root.resolve(ASIDE).resolve("data"));
    Directories.delete(made);

    assertThatThrownBy(() -> Replacement.finish(layout))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("the former one is in " + root.resolve(ASIDE));
  }

  private void assertReplaced() {
    assertThat(layout.server().resolve("file")).hasContent("new");
    assertThat(root.resolve(ASIDE).resolve("data/file")).hasContent("old");
    assertThat(root.resolve(ASIDE).resolve("binlog/file")).hasContent("old log");
    assertThat(layout.binaryLogs()).doesNotExist();
    assertThat(root.resolve("replacement")).doesNotExist();
  }

  private void note() throws IOException {
    Files.writeString(root.resolve("replacement"), ".restore-1/data\n" + ASIDE + "\n");
  }

  private static void file(Path directory, String content) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("file"), content);
  }
}
