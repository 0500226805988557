package io.upm.agent.log;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFollowerTest {
  @TempDir private Path directory;
  private Path file;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void open() {
    file = directory.resolve("slow.log");
  }

  @Test
  void copiesWholeLines() throws IOException {
    LogFollower follower = follower();
    follower.copy(List.of(file));
    append("one\ntw");
    follower.copy(List.of(file));
    assertThat(copied()).isEqualTo("one\n");
    append("o\n");
    follower.copy(List.of(file));
    assertThat(copied()).isEqualTo("one\ntwo\n");
  }

  @Test
  void onlyTheEndOfALongPastIsCopied() throws IOException {
    append("x\n".repeat(200_000));
    LogFollower follower = follower();
    follower.copy(List.of(file));
    assertThat(copied()).hasSize(64 << 10);
    append("one\n");
    follower.copy(List.of(file));
    assertThat(copied()).endsWith("x\none\n");
  }

  @Test
  void fileThatAppearsLaterIsCopiedFromItsBeginning() throws IOException {
    LogFollower follower = follower();
    follower.copy(List.of(file));
    append("one\n");
    follower.copy(List.of(file));
    assertThat(copied()).isEqualTo("one\n");
  }

  @Test
  void nothingIsLostWhenTheFileIsRotated() throws IOException {
    append("");
    LogFollower follower = follower();
    follower.copy(List.of(file));
    append("one\n");
    follower.copy(List.of(file));
    append("two\n");
    Files.move(file, directory.resolve("slow.log.1"));
    follower.copy(List.of(file));
    append("three\n");
    follower.copy(List.of(file));
    assertThat(copied()).isEqualTo("one\ntwo\nthree\n");
  }

  @Test
  void truncatedFileIsCopiedFromItsBeginning() throws IOException {
    append("");
    LogFollower follower = follower();
    follower.copy(List.of(file));
    append("a long line\n");
    follower.copy(List.of(file));
    Files.writeString(file, "short\n");
    follower.copy(List.of(file));
    assertThat(copied()).isEqualTo("a long line\nshort\n");
  }

  @Test
  void anotherAgentGoesOnWhereTheFirstOneCameTo() throws IOException {
    append("");
    LogFollower first = follower();
    first.copy(List.of(file));
    append("one\nhal");
    first.copy(List.of(file));
    append("f\ntwo\n");
    follower().copy(List.of(file));
    assertThat(copied()).isEqualTo("one\nhalf\ntwo\n");
  }

  @Test
  void lineWithoutAnEndIsCut() throws IOException {
    append("");
    LogFollower follower = follower();
    follower.copy(List.of(file));
    append("x".repeat(40_000) + "\n");
    follower.copy(List.of(file));
    assertThat(copied().lines().mapToInt(String::length).max()).hasValue(16 << 10);
    assertThat(copied().replace("\n", "")).hasSize(40_000);
  }

  private LogFollower follower() {
    return new LogFollower(
        () -> List.of(file),
        directory.resolve("marks"),
        new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  private void append(String text) throws IOException {
    Files.writeString(file, text, CREATE, APPEND);
  }

  private String copied() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
