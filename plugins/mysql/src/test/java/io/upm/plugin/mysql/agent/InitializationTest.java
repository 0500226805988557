package io.upm.plugin.mysql.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.Instances;
import io.upm.spi.PluginException;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessRunner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitializationTest {
  private final FakeContext context = new FakeContext();
  private Instance instance;
  private Path data;
  private MysqlLifecycle lifecycle;

  @BeforeEach
  void prepare(@TempDir Path root) throws IOException {
    instance = Instances.anInstance().root(root).build();
    data = Files.createDirectories(instance.layout().data());
    lifecycle = new MysqlLifecycle(context);
  }

  private List<String> content() throws IOException {
    try (var files = Files.list(data)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void isDoneAfterOneRunAndNotRepeated() throws IOException {
    assertThat(lifecycle.isInitialized(instance)).isFalse();

    lifecycle.initialize(instance);
    lifecycle.initialize(instance);

    assertThat(lifecycle.isInitialized(instance)).isTrue();
    assertThat(context.ran).hasSize(1);
    assertThat(content()).containsExactly("binlog", "data", "relaylog", "tmp");
  }

  @Test
  void secretsGoToStandardInputAndNowhereElse() throws IOException {
    lifecycle.initialize(instance);

    assertThat(context.ran.getFirst().command()).noneMatch(word -> word.contains("secret"));
    assertThat(context.ran.getFirst().environment()).isEmpty();
    assertThat(context.inputs.getFirst()).doesNotContain("secret-").isASCII();
    try (var files = Files.walk(data.getParent())) {
      assertThat(files.filter(Files::isRegularFile))
          .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain("7365637265742d"));
    }
  }

  @Test
  void aFailureLeavesNothing() throws IOException {
    context.program =
        staging -> {
          FakeContext.initialized(staging);
          return new Result(
              1, "2026-01-01T00:00:00Z 0 [ERROR] [MY-1] [Server] no space\nx [ERROR] Aborting\n");
        };

    assertThatThrownBy(() -> lifecycle.initialize(instance))
        .isInstanceOf(PluginException.class)
        .hasMessage(
            "mysqld --initialize failed with exit code 1: [ERROR] [MY-1] [Server] no space");

    assertThat(lifecycle.isInitialized(instance)).isFalse();
    assertThat(content()).containsExactly("binlog", "relaylog", "tmp");
  }

  @Test
  void aCrashHalfWayIsNotTakenForDoneAndIsRedone() throws IOException {
    context.program =
        staging -> {
          FakeContext.initialized(staging);
          throw new LinkageError("the agent dies here");
        };
    // What a crash leaves is what is there while the server runs.
    Path leftover = Files.createDirectories(data.resolve(".init-1/data"));
    FakeContext.initialized(leftover);
    assertThat(lifecycle.isInitialized(instance)).isFalse();

    context.program = FakeContext::initialized;
    lifecycle.initialize(instance);

    assertThat(lifecycle.isInitialized(instance)).isTrue();
    assertThat(content()).containsExactly("binlog", "data", "relaylog", "tmp");
  }

  @Test
  void foreignFilesAreNeverTouched() throws IOException {
    Path foreign = Files.createDirectories(data.resolve("data"));
    Files.writeString(foreign.resolve("PG_VERSION"), "17");

    assertThatThrownBy(() -> lifecycle.initialize(instance))
        .isInstanceOfSatisfying(
            PluginException.class, e -> assertThat(e.kind()).isEqualTo(PluginException.Kind.USER))
        .hasMessageContaining("nothing was changed");

    assertThat(context.ran).isEmpty();
    assertThat(foreign.resolve("PG_VERSION")).hasContent("17");
  }

  @Test
  void anEmptyDirectoryInItsPlaceIsNoHindrance() throws IOException {
    Files.createDirectories(data.resolve("data"));

    lifecycle.initialize(instance);

    assertThat(lifecycle.isInitialized(instance)).isTrue();
  }

  @Test
  void namesTheKeyThatIsMissing() {
    context.passwords = Map.of("replication", "x");

    assertThatThrownBy(() -> lifecycle.initialize(instance))
        .isInstanceOfSatisfying(
            PluginException.class, e -> assertThat(e.kind()).isEqualTo(PluginException.Kind.USER))
        .hasMessage(
            "the Secret has no password for \"root\" (ADM_USER): it needs a key of that name");
  }

  @Test
  void refusesNamesThatNoUserCanHave(@TempDir Path root) {
    Instance long33 =
        Instances.anInstance().root(root).settings(Map.of("ADM_USER", "x".repeat(33))).build();
    Instance control =
        Instances.anInstance().root(root).settings(Map.of("ADM_USER", "a\nb")).build();

    for (Instance one : List.of(long33, control)) {
      assertThatThrownBy(() -> lifecycle.initialize(one))
          .isInstanceOf(PluginException.class)
          .hasMessageContaining("which is not a user name");
    }
  }

  @Test
  void usesTheRenderedConfigurationForWhatCannotBeChangedLater() throws IOException {
    lifecycle.initialize(instance);
    assertThat(context.ran.getFirst().command()).contains("--no-defaults");
    context.ran.clear();
    Files.delete(data.resolve("data/mysql.ibd"));
    Path options = Files.createDirectories(instance.layout().config()).resolve("my.cnf");
    Files.writeString(options, "[mysqld]\n");

    lifecycle.initialize(instance);

    assertThat(context.ran.getFirst().command().subList(0, 2))
        .containsExactly("mysqld", "--defaults-file=" + options);
  }
}
