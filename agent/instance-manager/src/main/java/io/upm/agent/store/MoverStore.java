package io.upm.agent.store;

import io.upm.spi.PluginException;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.store.BackupManifest;
import io.upm.spi.store.Encoding;
import io.upm.spi.store.EncryptionKey;
import io.upm.spi.store.Feed;
import io.upm.spi.store.ObjectStore;
import io.upm.spi.store.StoreLocation;
import io.upm.spi.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A store that is reached through the mover. */
public final class MoverStore implements ObjectStore {
  private static final LongConsumer NOBODY = bytes -> {};

  private final Mover mover;
  private final MoverTask.Store store;

  public MoverStore(Mover mover, StoreLocation location) {
    this.mover = mover;
    this.store =
        new MoverTask.Store(
            location.endpoint(),
            location.region(),
            location.bucket(),
            location.authority().getBytes(StandardCharsets.UTF_8),
            location.accessKey(),
            location.secretKey().reveal());
  }

  @Override
  public Stored put(String key, Encoding encoding, Feed writer, LongConsumer progress) {
    MoverReport.Done done =
        done(
            new MoverTask(
                "put",
                store,
                key,
                codec(encoding),
                program(writer),
                null,
                null,
                null,
                writer.estimate(),
                null),
            progress);
    return new Stored(stored(key, done), Objects.requireNonNullElse(done.head(), ""));
  }

  @Override
  public StoredObject pack(String key, Encoding encoding, Path directory, LongConsumer progress) {
    return stored(
        key,
        done(
            new MoverTask(
                "put",
                store,
                key,
                codec(encoding),
                null,
                directory.toString(),
                null,
                null,
                0,
                null),
            progress));
  }

  private static StoredObject stored(String key, MoverReport.Done done) {
    MoverTask.Sums sums = Objects.requireNonNull(done.sums());
    return new StoredObject(
        key, sums.storedBytes(), sums.storedSha256(), sums.bytes(), sums.sha256());
  }

  @Override
  public void get(StoredObject object, Encoding encoding, Feed reader, LongConsumer progress) {
    done(read("get", object, encoding, Optional.of(reader), null), progress);
  }

  @Override
  public void unpack(
      StoredObject object, Encoding encoding, Path directory, LongConsumer progress) {
    done(read("get", object, encoding, Optional.empty(), directory.toString()), progress);
  }

  @Override
  public void check(StoredObject object, Encoding encoding, LongConsumer progress) {
    done(read("check", object, encoding, Optional.empty(), null), progress);
  }

  @Override
  public void publish(String prefix, BackupManifest manifest) {
    byte[] content = Manifests.write(manifest);
    done(
        new MoverTask(
            "write", store, prefix + BackupManifest.NAME, null, null, null, null, null, 0, content),
        NOBODY);
  }

  @Override
  public Optional<BackupManifest> manifest(String prefix) {
    String key = prefix + BackupManifest.NAME;
    MoverReport report = mover.run(MoverTask.of("read", store, key), NOBODY);
    MoverReport.Failure failure = report.error();
    return failure != null && failure.missing()
        ? Optional.empty()
        : Optional.of(Manifests.read(key, done(report).content()));
  }

  @Override
  public List<String> list(String prefix) {
    List<String> keys = done(MoverTask.of("list", store, prefix), NOBODY).keys();
    return keys == null ? List.of() : keys;
  }

  @Override
  public void remove(String prefix) {
    done(MoverTask.of("remove", store, prefix), NOBODY);
  }

  private MoverTask read(
      String verb,
      StoredObject object,
      Encoding encoding,
      Optional<Feed> reader,
      @Nullable String directory) {
    return new MoverTask(
        verb,
        store,
        object.key(),
        codec(encoding),
        reader.map(MoverStore::program).orElse(null),
        directory,
        reader.flatMap(Feed::next).map(MoverStore::program).orElse(null),
        new MoverTask.Sums(
            object.storedBytes(), object.storedSha256(), object.bytes(), object.sha256()),
        0,
        null);
  }

  private static MoverTask.Codec codec(Encoding encoding) {
    return new MoverTask.Codec(
        encoding.compression().name().toLowerCase(Locale.ROOT),
        encoding.key().map(EncryptionKey::bytes).orElse(null),
        encoding.context());
  }

  private static MoverTask.Program program(Feed feed) {
    return program(feed.program(), feed.input());
  }

  private static MoverTask.Program program(ProcessSpec spec) {
    return program(spec, new byte[0]);
  }

  private static MoverTask.Program program(ProcessSpec spec, byte[] input) {
    return new MoverTask.Program(
        spec.command(), spec.environment(), spec.directory().toString(), input);
  }

  private MoverReport.Done done(MoverTask task, LongConsumer progress) {
    MoverReport.Done done = done(mover.run(task, progress));
    if (done.sums() != null) {
      progress.accept(done.sums().bytes());
    }
    return done;
  }

  private static MoverReport.Done done(MoverReport report) {
    MoverReport.Failure failure = report.error();
    if (failure == null) {
      return Objects.requireNonNull(report.done());
    }
    throw failure.retryable()
        ? PluginException.retryable(failure.message(), null)
        : PluginException.user(failure.message());
  }
}
