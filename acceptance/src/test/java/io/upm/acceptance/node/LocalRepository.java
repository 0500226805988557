package io.upm.acceptance.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A Maven repository as an author of a plugin has it: all that this machine's holds, and of UPM
 * what was just built, in place of what somebody once installed.
 */
final class LocalRepository {
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
  private static final Path PRESENT =
      Path.of(
          System.getProperty(
              "maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
  private static final List<String> ARTIFACTS = List.of("upm-spi", "upm-host", "upm-testkit");

  private LocalRepository() {}

  /** Fills an empty directory. */
  static Path make(Path directory, String version) throws IOException {
    Path group = directory.resolve("io").resolve("upm");
    Files.createDirectories(group);
    link(PRESENT, directory, "io");
    link(PRESENT.resolve("io"), directory.resolve("io"), "upm");
    add(group, "upm-parent", version, CHECKOUT.resolve("pom.xml"), "pom");
    for (String artifact : ARTIFACTS) {
      Path module = CHECKOUT.resolve(artifact);
      String jar = "%s-%s.jar".formatted(artifact, version);
      add(group, artifact, version, module.resolve("pom.xml"), "pom");
      add(group, artifact, version, module.resolve("target").resolve(jar), "jar");
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
