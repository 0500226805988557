package io.upm.runtime.agent;

import com.google.protobuf.ByteString;
import io.upm.runtime.engine.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * What keeps pushing to a whole fleet small: a few agents at a time, each of which is done sooner
 * for it, and one copy of a plugin's zip for all. The copy goes with the last push that uses it.
 */
final class Pushes {
  private static final int AT_A_TIME = 6;
  private static final int CHUNK_BYTES = 64 << 10;

  private final Semaphore permits = new Semaphore(AT_A_TIME, true);
  private final Map<String, WeakReference<List<ByteString>>> zips = new ConcurrentHashMap<>();

  /** A place among those who push; closed when done. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits until it is this one's turn. */
  Turn turn() throws InterruptedException {
    permits.acquire();
    return permits::release;
  }

  /** The zip of an engine's plugin, in parts that fit a message. */
  List<ByteString> chunks(Engine engine) throws IOException {
    String digest = engine.plugin().digest();
    WeakReference<List<ByteString>> held = zips.get(digest);
    @Nullable List<ByteString> chunks = held == null ? null : held.get();
    if (chunks == null) {
      chunks = read(engine);
      zips.values().removeIf(one -> one.get() == null);
      zips.put(digest, new WeakReference<>(chunks));
    }
    return chunks;
  }

  private static List<ByteString> read(Engine engine) throws IOException {
    var chunks = new ArrayList<ByteString>();
    try (InputStream zip = Files.newInputStream(engine.archive())) {
      for (byte[] chunk = zip.readNBytes(CHUNK_BYTES);
          chunk.length > 0;
          chunk = zip.readNBytes(CHUNK_BYTES)) {
        chunks.add(ByteString.copyFrom(chunk));
      }
    }
    return List.copyOf(chunks);
  }
}
