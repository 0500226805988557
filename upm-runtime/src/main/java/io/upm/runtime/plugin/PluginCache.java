package io.upm.runtime.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Zips by what is in them, {@code sha256/<digest>.zip}, with their signatures beside them. A file
 * appears whole or not at all, and is checked each time it is asked for, so several processes may
 * share a cache, and a damaged one heals.
 */
public final class PluginCache {
  private static final Logger LOG = LoggerFactory.getLogger(PluginCache.class);
  private static final String ZIP = ".zip";
  private static final String SIGNATURE = ".sig";
  private static final String INCOMPLETE = ".incomplete-";
  private static final int MAX_SIGNATURE = 64 << 10;

  /** What another process fetched just now may be unknown to this one. */
  private static final Duration GRACE = Duration.ofHours(1);

  private final Path directory;
  private final InstantSource clock;

  /**
   * @param root may be written; is made when it isn't there
   */
  public PluginCache(Path root, InstantSource clock) {
    this.directory = root.resolve("sha256");
    this.clock = clock;
  }

  /** A zip that has this digest; one that is damaged is deleted. */
  Optional<Path> find(String digest) throws IOException {
    Path zip = directory.resolve(digest + ZIP);
    if (!Files.isRegularFile(zip)) {
      return Optional.empty();
    }
    if (digest(zip).equals(digest)) {
      return Optional.of(zip);
    }
    LOG.warn("{} is damaged: it is deleted, and fetched again when it is needed", zip);
    Files.deleteIfExists(zip);
    return Optional.empty();
  }

  /** Whether there is a zip that should have this digest. */
  boolean has(String digest) {
    return Files.isRegularFile(directory.resolve(digest + ZIP));
  }

  /** The signature that was kept with a zip. */
  Optional<byte[]> signature(String digest) throws IOException {
    Path file = directory.resolve(digest + SIGNATURE);
    return Files.isRegularFile(file) && Files.size(file) <= MAX_SIGNATURE
        ? Optional.of(Files.readAllBytes(file))
        : Optional.empty();
  }

  /** A zip on its way into the cache. */
  final class Incoming implements AutoCloseable {
    private final Path file;
    private String digest = "";

    private Incoming() throws IOException {
      Files.createDirectories(directory);
      file = Files.createTempFile(directory, INCOMPLETE, ZIP);
    }

    /** Where its bytes go. */
    OutputStream open() throws IOException {
      return new DigestOutputStream(Files.newOutputStream(file), sha256()) {
        @Override
        public void close() throws IOException {
          super.close();
          Incoming.this.digest = HexFormat.of().formatHex(getMessageDigest().digest());
        }
      };
    }

    Path file() {
      return file;
    }

    /** Lower-case hexadecimal SHA-256 of what was written. */
    String digest() {
      return digest;
    }

    /** Puts it into its place; signature first, so that a zip is never without the one it had. */
    Path keep(Optional<byte[]> signature) throws IOException {
      if (signature.isPresent()) {
        Path part = Files.createTempFile(directory, INCOMPLETE, SIGNATURE);
        Files.write(part, signature.get());
        Files.move(part, directory.resolve(digest + SIGNATURE), StandardCopyOption.ATOMIC_MOVE);
      }
      return Files.move(file, directory.resolve(digest + ZIP), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(file);
    }
  }

  Incoming incoming() throws IOException {
    return new Incoming();
  }

  /** Deletes what nobody refers to any more, what a crash left half-written included. */
  void keepOnly(Set<String> digests) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        boolean wanted = digests.contains(name.replaceFirst("\\.(zip|sig)$", ""));
        if (!wanted && old(file)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the plugin cache can't be cleaned: " + directory, e);
    }
  }

  private boolean old(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(clock.instant().minus(GRACE));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static String digest(Path file) throws IOException {
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256())) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest());
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
