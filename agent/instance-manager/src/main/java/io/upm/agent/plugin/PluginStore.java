package io.upm.agent.plugin;

import io.upm.agent.state.DurableFile;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Zips on the data volume, each named after its digest, so that a Pod starts again without the
 * runtime. Safe for concurrent use.
 */
public final class PluginStore {
  private static final Logger LOG = LoggerFactory.getLogger(PluginStore.class);
  private static final String KEY = ".key";
  private static final String ARRIVING = ".part";

  private final Path directory;

  public PluginStore(Path directory) {
    this.directory = directory;
  }

  /** Makes the directory, and drops what arrived by halves before. */
  public void open() throws IOException {
    Files.createDirectories(directory);
    for (Path file : files(ARRIVING)) {
      Files.delete(file);
    }
  }

  /** Plugins that are kept, by id, version and digest. */
  public synchronized List<PluginKey> kept() throws IOException {
    var keys = new ArrayList<PluginKey>();
    for (Path file : files(KEY)) {
      read(file).filter(key -> Files.isRegularFile(zip(key.digest()))).ifPresent(keys::add);
    }
    keys.sort(
        Comparator.comparing(PluginKey::id)
            .thenComparing(PluginKey::version)
            .thenComparing(PluginKey::digest));
    return keys;
  }

  /** Begins to take a zip. */
  public PluginIntake receive(PluginKey key) throws IOException {
    return PluginIntake.into(
        Files.createTempFile(directory, key.digest(), ARRIVING), key, this::keep);
  }

  /**
   * Reads and verifies a kept zip.
   *
   * @throws io.upm.host.plugin.PluginArchiveException when it is not there or damaged
   */
  public PluginArchive archive(PluginKey key) {
    return PluginArchive.read(zip(key.digest()));
  }

  /** Forgets a zip; nothing happens when it is not there. */
  public synchronized void drop(String digest) throws IOException {
    Files.deleteIfExists(keyFile(digest));
    Files.deleteIfExists(zip(digest));
  }

  /** Notes which plugin is in use. */
  public synchronized void noteActive(PluginKey key) throws IOException {
    DurableFile.write(active(), line(key));
  }

  /** Plugin that was in use last. */
  public synchronized Optional<PluginKey> lastActive() throws IOException {
    return read(active());
  }

  private synchronized void keep(Path arrived, PluginKey key) throws IOException {
    DurableFile.replace(arrived, zip(key.digest()));
    DurableFile.write(keyFile(key.digest()), line(key));
    LOG.info("plugin {} is kept", key);
  }

  private static String line(PluginKey key) {
    return key.id() + " " + key.version() + " " + key.digest() + "\n";
  }

  private static Optional<PluginKey> read(Path file) throws IOException {
    try {
      String[] parts = Files.readString(file).strip().split(" ", -1);
      if (parts.length != 3) {
        throw new IllegalArgumentException("three words are expected");
      }
      return Optional.of(new PluginKey(parts[0], parts[1], parts[2]));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      LOG.warn("{} is left aside: {}", file, e.getMessage());
      return Optional.empty();
    }
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.toString().endsWith(suffix)).toList();
    }
  }

  private Path active() {
    return directory.resolveSibling("active.key");
  }

  private Path zip(String digest) {
    return directory.resolve(digest + ".zip");
  }

  private Path keyFile(String digest) {
    return directory.resolve(digest + KEY);
  }
}
