package io.upm.agent.config;

import io.upm.agent.state.DurableFile;
import io.upm.spi.config.ConfigFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Configurations on disk, each in a directory named after its digest; the one in force is where a
 * link leads, so that all its files change in one step.
 */
final class ConfigFiles {
  private final Path directory;
  private final Path link;

  /**
   * @param directory where configurations are kept
   * @param link where the engine finds the one in force
   */
  ConfigFiles(Path directory, Path link) {
    this.directory = directory;
    this.link = link;
  }

  /** SHA-256 over paths, contents and secrecy, whatever the order. */
  static String digest(List<ConfigFile> files) {
    MessageDigest digest = sha256();
    files.stream()
        .sorted(Comparator.comparing(ConfigFile::path))
        .forEach(file -> {
          update(digest, file.path());
          update(digest, file.content());
          digest.update((byte) (file.secret() ? 1 : 0));
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Digest of the configuration in force; empty when there is none. */
  Optional<String> inForce() throws IOException {
    try {
      Path target = link.resolveSibling(Files.readSymbolicLink(link));
      return Files.isDirectory(target)
          ? Optional.of(String.valueOf(target.getFileName()))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Writes a configuration where it can be checked; it is not in force yet. */
  Path stage(String digest, List<ConfigFile> files) throws IOException {
    Path staged = directory.resolve(digest);
    for (ConfigFile file : files) {
      Path path = staged.resolve(file.path());
      byte[] content = file.content().getBytes(StandardCharsets.UTF_8);
      if (!holds(path, content)) {
        DurableFile.write(path, content, file.secret() ? DurableFile.PRIVATE : DurableFile.SHARED);
      }
    }
    return staged;
  }

  /** Puts a staged configuration in force. */
  void putInForce(String digest) throws IOException {
    if (Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(link)) {
      throw new IOException(
          "%s is not the agent's: it must be moved away before the instance can start"
              .formatted(link));
    }
    Path fresh = directory.resolve("link.new");
    Files.deleteIfExists(fresh);
    Path home = Objects.requireNonNull(link.getParent(), "the link lies on the data volume");
    Files.createSymbolicLink(fresh, home.relativize(directory.resolve(digest)));
    DurableFile.replace(fresh, link);
  }

  /** Deletes all configurations but the given ones. */
  void keepOnly(Set<String> digests) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    List<Path> others;
    try (Stream<Path> all = Files.list(directory)) {
      others = all.filter(path -> !digests.contains(String.valueOf(path.getFileName()))).toList();
    }
    for (Path other : others) {
      delete(other);
    }
  }

  private static void delete(Path path) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(path)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.deleteIfExists(each);
    }
  }

  private static boolean holds(Path file, byte[] content) throws IOException {
    return Files.isRegularFile(file) && MessageDigest.isEqual(Files.readAllBytes(file), content);
  }

  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.UTF_8));
    digest.update((byte) ':');
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
