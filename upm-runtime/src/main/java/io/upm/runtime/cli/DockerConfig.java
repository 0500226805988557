package io.upm.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says where passwords of registries and web servers are. */
final class DockerConfig {
  private static final String NOTHING = "{}";

  @Option(
      names = "--docker-config",
      paramLabel = "FILE",
      description =
          "Docker configuration file with what registries and web servers ask for;"
              + " $$DOCKER_CONFIG/config.json or ~/.docker/config.json, if it is there, when not"
              + " given. Credential helpers are not asked.")
  private @Nullable Path file;

  /**
   * The text of the file.
   *
   * @throws CliException when it can't be read or is no JSON
   */
  String read() {
    if (file != null) {
      return read(file);
    }
    Path directory =
        Optional.ofNullable(System.getenv("DOCKER_CONFIG"))
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".docker"));
    Path usual = directory.resolve("config.json");
    return Files.exists(usual) ? read(usual) : NOTHING;
  }

  private static String read(Path from) {
    try {
      String text = Files.readString(from);
      new JsonMapper().readTree(text);
      return text;
    } catch (JsonProcessingException e) {
      // Without the parser's own words: they quote the text.
      throw wrong(from, "is no Docker configuration file: it is no JSON");
    } catch (IOException e) {
      throw wrong(from, "can't be read: " + e.getClass().getSimpleName());
    }
  }

  private static CliException wrong(Path file, String what) {
    return new CliException(ExitCodes.USAGE, "--docker-config: %s %s".formatted(file, what));
  }
}
