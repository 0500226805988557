package io.upm.agent.log;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFollowerTest {
  private static final LogRotation NONE =
      new LogRotation(
          Long.MAX_VALUE,
          new LogRotation.Engine() {
            @Override
            public boolean rotates() {
              return false;
            }

            @Override
            public boolean reopen() {
              return false;
            }
          });

  @TempDir private Path directory;
  private Path file;
  private LogFormat format = LogFormat.RAW;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void open() {
    file = directory.resolve("slow.log");
  }

  @Test
  void copiesWholeLines() throws IOException {
    LogFollower follower = follower();
    follower.copy(files());
    append("one\ntw");
    follower.copy(files());
    assertThat(copied()).isEqualTo("one\n");
    append("o\n");
    follower.copy(files());
    assertThat(copied()).isEqualTo("one\ntwo\n");
  }

  @Test
  void onlyTheEndOfALongPastIsCopied() throws IOException {
    append("x\n".repeat(200_000));
    LogFollower follower = follower();
    follower.copy(files());
    assertThat(copied()).hasSize(64 << 10);
    append("one\n");
    follower.copy(files());
    assertThat(copied()).endsWith("x\none\n");
  }

  @Test
  void fileThatAppearsLaterIsCopiedFromItsBeginning() throws IOException {
    LogFollower follower = follower();
    follower.copy(files());
    append("one\n");
    follower.copy(files());
    assertThat(copied()).isEqualTo("one\n");
  }

  @Test
  void nothingIsLostWhenTheFileIsRotated() throws IOException {
    append("");
    LogFollower follower = follower();
    follower.copy(files());
    append("one\n");
    follower.copy(files());
    append("two\n");
    Files.move(file, directory.resolve("slow.log.1"));
    follower.copy(files());
    append("three\n");
    follower.copy(files());
    assertThat(copied()).isEqualTo("one\ntwo\nthree\n");
  }

  @Test
  void truncatedFileIsCopiedFromItsBeginning() throws IOException {
    append("");
    LogFollower follower = follower();
    follower.copy(files());
    append("a long line\n");
    follower.copy(files());
    Files.writeString(file, "short\n");
    follower.copy(files());
    assertThat(copied()).isEqualTo("a long line\nshort\n");
  }

  @Test
  void anotherAgentGoesOnWhereTheFirstOneCameTo() throws IOException {
    append("");
    LogFollower first = follower();
    first.copy(files());
    append("one\nhal");
    first.copy(files());
    append("f\ntwo\n");
    follower().copy(files());
    assertThat(copied()).isEqualTo("one\nhalf\ntwo\n");
  }

  @Test
  void lineWithoutAnEndIsCut() throws IOException {
    append("");
    LogFollower follower = follower();
    follower.copy(files());
    append("x".repeat(40_000) + "\n");
    follower.copy(files());
    assertThat(copied().lines())
        .containsExactly(
            "x".repeat(16 << 10) + " [cut]",
            "x".repeat(16 << 10) + " [cut]",
            "x".repeat(40_000 - (32 << 10)));
  }

  @Test
  void characterIsNeverCut() throws IOException {
    append("");
    LogFollower follower = follower();
    follower.copy(files());
    append("x" + "\u20ac".repeat(10_000) + "\n");
    follower.copy(files());
    assertThat(copied()).doesNotContain("\ufffd");
    assertThat(copied().replace(" [cut]\n", "").strip()).isEqualTo("x" + "\u20ac".repeat(10_000));
  }

  @Test
  void asJsonEachLineIsAnObjectWhateverItHolds() throws IOException {
    append("");
    format = LogFormat.JSON;
    LogFollower follower = follower();
    follower.copy(files());
    append("say \"hi\"\t\\ \u20ac\n");
    Files.write(file, new byte[] {(byte) 0xff, 'a', 0, '\n'}, APPEND);
    append("x".repeat((16 << 10) + 1) + "\n");
    follower.copy(files());

    List<JsonNode> objects = new ArrayList<>();
    for (String line : copied().lines().toList()) {
      objects.add(new JsonMapper().readTree(line));
    }
    assertThat(objects)
        .hasSize(4)
        .allSatisfy(object -> {
          assertThat(object.path("time").asText()).isEqualTo("2026-01-02T03:04:05Z");
          assertThat(object.path("unit").asText()).isEqualTo("demo-0");
          assertThat(object.path("source").asText()).isEqualTo("slow");
        });
    assertThat(objects.stream().map(object -> object.path("message").asText()).limit(2))
        .containsExactly("say \"hi\"\t\\ \u20ac", "\ufffda\u0000");
    assertThat(objects.stream().map(object -> object.path("cut").asBoolean()))
        .containsExactly(false, false, true, false);
  }

  @Test
  void whatWasRotatedWhileNoAgentWasThereIsNotLost() throws IOException {
    append("");
    LogFollower first = follower();
    first.copy(files());
    append("one\ntwo");
    first.copy(files());
    append("\nthree\nfour");
    Files.move(file, directory.resolve("slow.log.1"));
    append("x\n".repeat(100_000));

    LogFollower second = follower();
    second.copy(files());

    assertThat(copied()).startsWith("one\ntwo\nthree\nfour\nx\nx\n").hasSize(19 + 200_000);
  }

  @Test
  void fileThatHasGrownIsRotatedAndNothingOfItIsLost() throws IOException {
    var reopened = new AtomicInteger();
    boolean[] listens = {false};
    var engine =
        new LogRotation.Engine() {
          @Override
          public boolean rotates() {
            return true;
          }

          @Override
          public boolean reopen() {
            reopened.incrementAndGet();
            return listens[0];
          }
        };
    var rotation = new LogRotation(8, engine);
    LogFollower follower = follower();
    append("one\n");
    rotation.look(files());
    follower.copy(files());
    append("two\n");
    rotation.look(files());
    follower.copy(files());
    // The engine writes on to what it has open.
    Files.writeString(directory.resolve("slow.log.1"), "three\n", APPEND);
    follower.copy(files());
    listens[0] = true;
    rotation.look(files());
    append("four\n");
    rotation.look(files());
    follower.copy(files());

    assertThat(copied()).isEqualTo("one\ntwo\nthree\nfour\n");
    assertThat(reopened).hasValue(2);
    new LogRotation(8, engine).look(files());
    assertThat(reopened).as("a new agent has nothing to do").hasValue(2);
    Files.delete(file);
    new LogRotation(8, engine).look(files());
    assertThat(reopened).as("the former one died between").hasValue(3);
  }

  @Test
  void filesOfAnEngineThatCantRotateAreLeftAlone() throws IOException {
    append("a long line\n");
    new LogRotation(
            4,
            new LogRotation.Engine() {
              @Override
              public boolean rotates() {
                return false;
              }

              @Override
              public boolean reopen() {
                throw new IllegalStateException("asked");
              }
            })
        .look(files());
    assertThat(file).hasContent("a long line");
  }

  private List<LogFile> files() {
    return List.of(new LogFile(file, "demo-0"));
  }

  private LogFollower follower() {
    return new LogFollower(
        this::files,
        directory.resolve("marks"),
        NONE,
        new LogFollower.Output(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            format,
            Clock.fixed(Instant.parse("2026-01-02T03:04:05.000999Z"), ZoneOffset.UTC)));
  }

  private void append(String text) throws IOException {
    Files.writeString(file, text, CREATE, APPEND);
  }

  private String copied() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
