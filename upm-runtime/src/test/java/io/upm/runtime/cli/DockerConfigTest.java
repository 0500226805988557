package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class DockerConfigTest {
  private static final String TEXT = "{\"auths\": {}}";

  @TempDir private Path directory;

  @Test
  void isTheFileThatIsGiven() throws IOException {
    assertThat(given(Files.writeString(directory.resolve("mine.json"), TEXT)).read())
        .isEqualTo(TEXT);
  }

  @Test
  @DisabledIfEnvironmentVariable(named = "DOCKER_CONFIG", matches = ".+")
  void isWhereDockerLoginLeavesItOrNothing() throws IOException {
    String before = System.getProperty("user.home");
    System.setProperty("user.home", directory.toString());
    try {
      assertThat(new DockerConfig().read()).isEqualTo("{}");

      Path folder = Files.createDirectories(directory.resolve(".docker"));
      Files.writeString(folder.resolve("config.json"), TEXT);

      assertThat(new DockerConfig().read()).isEqualTo(TEXT);
    } finally {
      System.setProperty("user.home", before);
    }
  }

  @Test
  void isNamedWhenItIsNotThere() {
    assertThatThrownBy(() -> given(directory.resolve("none")).read())
        .isInstanceOf(CliException.class)
        .hasMessage("--docker-config: %s/none can't be read: NoSuchFileException", directory);
  }

  @Test
  void isNamedAndNotQuotedWhenItIsNone() throws IOException {
    Path file = Files.writeString(directory.resolve("password"), "a password");

    assertThatThrownBy(() -> given(file).read())
        .isInstanceOf(CliException.class)
        .hasMessage("--docker-config: %s is no Docker configuration file: it is no JSON", file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"assemble", "plugin push"})
  void isAnOptionOfWhatAsksRegistries(String command) {
    CommandLine line =
        Stream.of(command.split(" "))
            .reduce(
                UpmCli.commandLine(),
                (above, name) -> Objects.requireNonNull(above.getSubcommands().get(name)),
                (one, other) -> other);

    assertThat(line.getCommandSpec().findOption("--docker-config")).isNotNull();
  }

  private static DockerConfig given(Path file) {
    var config = new DockerConfig();
    new CommandLine(config).parseArgs("--docker-config", file.toString());
    return config;
  }
}
