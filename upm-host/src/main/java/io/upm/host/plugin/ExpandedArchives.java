package io.upm.host.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Expanded zips, each in a directory named after its digest, so that what a name stands for never
 * changes. A directory appears complete or not at all.
 */
final class ExpandedArchives {
  private static final String INCOMPLETE = ".incomplete-";

  private final Path root;

  ExpandedArchives(Path root) {
    this.root = root;
  }

  /** The directory of an archive, expanded now if it is not there or was damaged. */
  Path of(PluginArchive archive) {
    Path directory = root.resolve(name(archive.key()));
    try {
      Files.createDirectories(root);
      if (Files.isDirectory(directory)) {
        if (holds(directory, archive.path())) {
          return directory;
        }
        delete(directory);
      }
      Path incomplete = Files.createTempDirectory(root, INCOMPLETE);
      try {
        expand(archive, incomplete);
        Files.move(incomplete, directory, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        delete(incomplete);
      }
      return directory;
    } catch (IOException e) {
      throw new PluginLoadException(
          "plugin %s can't be expanded into %s: %s".formatted(archive.key(), root, e.getMessage()),
          e);
    }
  }

  /** Deletes all that belongs to other plugins, and what a crash left half-expanded. */
  void keepOnly(Collection<PluginKey> keys) {
    Set<String> names = keys.stream().map(ExpandedArchives::name).collect(Collectors.toSet());
    if (!Files.isDirectory(root)) {
      return;
    }
    try (var entries = Files.list(root)) {
      for (Path entry : entries.filter(Files::isDirectory).toList()) {
        if (!names.contains(entry.getFileName().toString())) {
          delete(entry);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(PluginKey key) {
    return "%s-%s-%s".formatted(key.id(), key.version(), key.digest());
  }

  private static void expand(PluginArchive archive, Path directory) throws IOException {
    try (var zip = new ZipFile(archive.path().toFile())) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        Path file = directory.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(file.getParent());
        try (InputStream content = zip.getInputStream(entry)) {
          Files.copy(content, file);
        }
      }
    }
    // What was checked and what was expanded must be the same bytes.
    if (!Digests.sha256(archive.path()).equals(archive.key().digest())) {
      throw new IOException(archive.path() + " was changed after it was read");
    }
  }

  private static boolean holds(Path directory, Path archive) throws IOException {
    try (var zip = new ZipFile(archive.toFile())) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        Path file = directory.resolve(entry.getName());
        boolean same =
            entry.isDirectory()
                ? Files.isDirectory(file)
                : Files.isRegularFile(file)
                    && Files.size(file) == entry.getSize()
                    && checksum(file) == entry.getCrc();
        if (!same) {
          return false;
        }
      }
      return true;
    }
  }

  private static long checksum(Path file) throws IOException {
    try (var in = new CheckedInputStream(Files.newInputStream(file), new CRC32())) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return in.getChecksum().getValue();
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path visited, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
