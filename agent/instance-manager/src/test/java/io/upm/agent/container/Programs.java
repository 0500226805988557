package io.upm.agent.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The real programs: launcher, test engine and mover; the agent as it goes into its image. */
public final class Programs {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path SOURCES = Path.of("..").toAbsolutePath().normalize();

  public static final Path LAUNCHER = build("launcher", SOURCES.resolve("launcher"), ".");
  public static final Path ENGINE =
      build("testengine", SOURCES.resolve("launcher"), "./testengine");

  private Programs() {}

  /** Command line of the agent, with the flags that it has in production. */
  public static List<String> agent() {
    try (Stream<String> flags = Files.lines(Path.of("jvm.flags"));
        Stream<Path> jars = Files.list(TARGET.resolve("lib"))) {
      String classPath =
          Stream.concat(Stream.of(TARGET.resolve("upm-agent.jar")), jars.sorted())
              .map(Path::toString)
              .collect(Collectors.joining(":"));
      return Stream.of(
              Stream.of(Path.of(System.getProperty("java.home"), "bin/java").toString()),
              flags.filter(flag -> !flag.startsWith("#") && !flag.isBlank()),
              Stream.of("-cp", classPath, "io.upm.agent.AgentMain"))
          .flatMap(part -> part)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Built by those who need it: it is many times as large as the others. */
  public static Path mover() {
    return build("mover", SOURCES.resolve("mover"), ".");
  }

  private static Path build(String name, Path module, String source) {
    Path program = TARGET.resolve(name);
    try {
      Process go =
          new ProcessBuilder("go", "build", "-o", program.toString(), source)
              .directory(module.toFile())
              .redirectErrorStream(true)
              .start();
      String output = new String(go.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (go.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
