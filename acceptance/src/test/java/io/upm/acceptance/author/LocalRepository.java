package io.upm.acceptance.author;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A Maven repository as an author of a plugin has it: all that this machine's holds, and of UPM
 * what was just built, in place of what somebody once installed.
 */
public final class LocalRepository {
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
  private static final Path PRESENT =
      Path.of(
          System.getProperty(
              "maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
  private static final List<String> ARTIFACTS = List.of("upm-spi", "upm-host", "upm-testkit");

  private LocalRepository() {}

  /** Whether the jars are there. */
  static boolean isBuilt(String version) {
    return ARTIFACTS.stream().allMatch(artifact -> Files.exists(jar(artifact, version)));
  }

  private static Path jar(String artifact, String version) {
    return CHECKOUT
        .resolve(artifact)
        .resolve("target")
        .resolve("%s-%s.jar".formatted(artifact, version));
  }

  /** Fills a directory. */
  public static Path make(Path directory, String version) throws IOException {
    Path group = directory.resolve("io").resolve("upm");
    Files.createDirectories(group);
    link(PRESENT, directory, "io");
    link(PRESENT.resolve("io"), directory.resolve("io"), "upm");
    add(group, "upm-parent", version, CHECKOUT.resolve("pom.xml"), "pom");
    for (String artifact : ARTIFACTS) {
      add(group, artifact, version, CHECKOUT.resolve(artifact).resolve("pom.xml"), "pom");
      add(group, artifact, version, jar(artifact, version), "jar");
    }
    return directory;
  }

  private static void link(Path from, Path into, String except) throws IOException {
    try (var entries = Files.list(from)) {
      for (Path entry : entries.toList()) {
        String name = Objects.requireNonNull(entry.getFileName()).toString();
        if (!name.equals(except)) {
          Files.createSymbolicLink(into.resolve(name), entry);
        }
      }
    }
  }

  private static void add(Path group, String artifact, String version, Path file, String type)
      throws IOException {
    Path folder = Files.createDirectories(group.resolve(artifact).resolve(version));
    Files.copy(file, folder.resolve("%s-%s.%s".formatted(artifact, version, type)));
  }
}
