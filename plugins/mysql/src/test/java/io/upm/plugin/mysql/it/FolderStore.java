package io.upm.plugin.mysql.it;

import io.upm.spi.PluginException;
import io.upm.spi.instance.ProcessRunner;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.store.BackupManifest;
import io.upm.spi.store.Encoding;
import io.upm.spi.store.Feed;
import io.upm.spi.store.ObjectStore;
import io.upm.spi.store.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * A store that is a folder of a container, whose programs write and read it. Nothing is encoded:
 * that is the mover's part, and tried with it.
 */
final class FolderStore implements ObjectStore {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int HEAD = 64 << 10;

  private final Box box;
  private final Path folder;
  private final Map<String, BackupManifest> manifests = new TreeMap<>();

  FolderStore(Box box) {
    this.box = box;
    this.folder = box.root().resolve("store");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where an object is. */
  Path file(String key) {
    return folder.resolve(key.replace('/', '~'));
  }

  @Override
  public Stored put(String key, Encoding encoding, Feed writer, LongConsumer progress) {
    shell(words(writer.program()) + " >" + file(key), writer.input());
    try {
      byte[] content = Files.readAllBytes(file(key));
      int head = Math.min(HEAD, content.length);
      return new Stored(
          new StoredObject(key, content.length, sum(content), content.length, sum(content)),
          new String(content, 0, head, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void get(StoredObject object, Encoding encoding, Feed reader, LongConsumer progress) {
    check(object, encoding, progress);
    String first = words(reader.program()) + " <" + file(object.key());
    if (reader.next().isEmpty()) {
      shell(first, new byte[0]);
      return;
    }
    Path code = folder.resolve("code");
    shell(
        "{ %s; echo $? >%s; } | %s && exit $(cat %s)"
            .formatted(first, code, words(reader.next().get()), code),
        new byte[0]);
  }

  @Override
  public StoredObject pack(String key, Encoding encoding, Path directory, LongConsumer progress) {
    ProcessSpec tar =
        new ProcessSpec(List.of("tar", "-C", directory.toString(), "-c", "."), Map.of(), folder);
    return put(key, encoding, Feed.of(tar), progress).object();
  }

  @Override
  public void unpack(
      StoredObject object, Encoding encoding, Path directory, LongConsumer progress) {
    ProcessSpec tar =
        new ProcessSpec(List.of("tar", "-C", directory.toString(), "-x"), Map.of(), folder);
    get(object, encoding, Feed.of(tar), progress);
  }

  @Override
  public void check(StoredObject object, Encoding encoding, LongConsumer progress) {
    try {
      if (!sum(Files.readAllBytes(file(object.key()))).equals(object.sha256())) {
        throw PluginException.user(object.key() + " is damaged");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void publish(String prefix, BackupManifest manifest) {
    manifests.put(prefix, manifest);
  }

  @Override
  public Optional<BackupManifest> manifest(String prefix) {
    return Optional.ofNullable(manifests.get(prefix));
  }

  @Override
  public List<String> list(String prefix) {
    var keys = new ArrayList<String>();
    manifests.keySet().forEach(place -> keys.add(place + BackupManifest.NAME));
    try (var files = Files.list(folder)) {
      files.forEach(file -> keys.add(file.getFileName().toString().replace('~', '/')));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return keys.stream().filter(key -> key.startsWith(prefix)).sorted().toList();
  }

  @Override
  public void remove(String prefix) {
    manifests.keySet().removeIf(place -> (place + BackupManifest.NAME).startsWith(prefix));
    for (String key : list(prefix)) {
      try {
        Files.deleteIfExists(file(key));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void shell(String line, byte[] input) {
    ProcessRunner.Result result =
        box.run(new ProcessSpec(List.of("sh", "-c", line), Map.of(), box.root()), input, LIMIT);
    if (!result.succeeded()) {
      throw PluginException.user("exit code %d: %s".formatted(result.exitCode(), result.output()));
    }
  }

  private static String words(ProcessSpec spec) {
    return spec.command().stream()
        .map(word -> "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }

  private static String sum(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
