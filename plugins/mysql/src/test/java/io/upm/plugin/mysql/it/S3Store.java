package io.upm.plugin.mysql.it;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.upm.spi.PluginException;
import io.upm.spi.instance.ProcessRunner;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.store.BackupManifest;
import io.upm.spi.store.Encoding;
import io.upm.spi.store.EncryptionKey;
import io.upm.spi.store.Feed;
import io.upm.spi.store.ObjectStore;
import io.upm.spi.store.StoreLocation;
import io.upm.spi.store.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** A real store, to which the real mover carries data from beside a server in a container. */
final class S3Store implements ObjectStore {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** The mover ends with its input, so it has the other end of that, too. */
  private static final String OPEN =
      "rm -f \"$1\"; mkfifo \"$1\"; exec 3<>\"$1\"; cat >&3; exec \"$0\" <\"$1\"";

  private final Box box;
  private final StoreLocation location;
  private final Path mover;

  S3Store(Box box, StoreLocation location) {
    this.box = box;
    this.location = location;
    this.mover = box.root().resolve("mover");
    if (!Files.exists(mover)) {
      S3Server.buildMover(mover);
    }
  }

  @Override
  public Stored put(String key, Encoding encoding, Feed writer, LongConsumer progress) {
    ObjectNode task = task("put", key, encoding);
    task.set("program", program(writer.program(), writer.input()));
    JsonNode done = run(task, progress);
    return new Stored(stored(key, done), done.path("head").asText());
  }

  @Override
  public void get(StoredObject object, Encoding encoding, Feed reader, LongConsumer progress) {
    ObjectNode task = expecting(task("get", object.key(), encoding), object);
    task.set("program", program(reader.program(), new byte[0]));
    reader.next().ifPresent(next -> task.set("next", program(next, new byte[0])));
    run(task, progress);
  }

  @Override
  public StoredObject pack(String key, Encoding encoding, Path directory, LongConsumer progress) {
    progress.accept(0);
    return stored(
        key, run(task("put", key, encoding).put("directory", directory.toString()), progress));
  }

  @Override
  public void unpack(
      StoredObject object, Encoding encoding, Path directory, LongConsumer progress) {
    run(
        expecting(task("get", object.key(), encoding), object)
            .put("directory", directory.toString()),
        progress);
  }

  @Override
  public void check(StoredObject object, Encoding encoding, LongConsumer progress) {
    run(expecting(task("check", object.key(), encoding), object), progress);
  }

  @Override
  public void publish(String prefix, BackupManifest manifest) {
    try {
      run(
          task("write", prefix + BackupManifest.NAME)
              .put("content", JSON.writeValueAsBytes(manifest)),
          bytes -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<BackupManifest> manifest(String prefix) {
    String key = prefix + BackupManifest.NAME;
    if (!list(prefix).contains(key)) {
      return Optional.empty();
    }
    try {
      byte[] content = run(task("read", key), bytes -> {}).path("content").binaryValue();
      return Optional.of(JSON.readValue(content, BackupManifest.class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<String> list(String prefix) {
    var keys = new ArrayList<String>();
    run(task("list", prefix), bytes -> {}).path("keys").forEach(key -> keys.add(key.asText()));
    return keys;
  }

  @Override
  public void remove(String prefix) {
    run(task("remove", prefix), bytes -> {});
  }

  private ObjectNode task(String verb, String key) {
    ObjectNode task = JSON.createObjectNode().put("verb", verb).put("key", key);
    task.putObject("store")
        .put("endpoint", location.endpoint())
        .put("region", location.region())
        .put("bucket", location.bucket())
        .put("accessKey", location.accessKey())
        .put("secretKey", location.secretKey().reveal());
    return task;
  }

  private ObjectNode task(String verb, String key, Encoding encoding) {
    ObjectNode task = task(verb, key);
    task.putObject("encoding")
        .put("compression", encoding.compression().name().toLowerCase(Locale.ROOT))
        .put("key", encoding.key().map(EncryptionKey::bytes).orElse(null))
        .put("context", encoding.context());
    return task;
  }

  private static ObjectNode expecting(ObjectNode task, StoredObject object) {
    task.putObject("expected")
        .put("storedBytes", object.storedBytes())
        .put("storedSha256", object.storedSha256())
        .put("bytes", object.bytes())
        .put("sha256", object.sha256());
    return task;
  }

  private static ObjectNode program(ProcessSpec spec, byte[] input) {
    ObjectNode program =
        JSON.createObjectNode().put("directory", spec.directory().toString()).put("input", input);
    spec.command().forEach(program.withArray("command")::add);
    return program;
  }

  private static StoredObject stored(String key, JsonNode done) {
    JsonNode sums = done.path("sums");
    return new StoredObject(
        key,
        sums.path("storedBytes").asLong(),
        sums.path("storedSha256").asText(),
        sums.path("bytes").asLong(),
        sums.path("sha256").asText());
  }

  private JsonNode run(ObjectNode task, LongConsumer progress) {
    ProcessRunner.Result result =
        box.run(
            new ProcessSpec(
                List.of("sh", "-c", OPEN, mover.toString(), box.root().resolve("task").toString()),
                Map.of(),
                box.root()),
            (task + "\n").getBytes(StandardCharsets.UTF_8),
            LIMIT);
    JsonNode last = last(result.output());
    if (last.has("error")) {
      JsonNode error = last.path("error");
      String message = error.path("message").asText();
      throw error.path("retryable").asBoolean()
          ? PluginException.retryable(message, null)
          : PluginException.user(message);
    }
    JsonNode done = last.path("done");
    progress.accept(done.path("sums").path("bytes").asLong());
    return done;
  }

  private static JsonNode last(String output) {
    String line = output.strip();
    try {
      return JSON.readTree(line.substring(line.lastIndexOf('\n') + 1));
    } catch (IOException e) {
      throw new IllegalStateException(output, e);
    }
  }
}
