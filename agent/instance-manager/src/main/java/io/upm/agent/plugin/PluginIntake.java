package io.upm.agent.plugin;

import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginArchiveException;
import io.upm.host.plugin.PluginKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A zip that is arriving. Kept only if it is what was announced; used by one thread at a time. */
public final class PluginIntake implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PluginIntake.class);
  private static final long MAX_BYTES = 256L << 20;

  private final Path file;
  private final PluginKey announced;
  private final Keeper keeper;
  private final FileChannel channel;
  private long size;

  /** Takes over a complete file. */
  @FunctionalInterface
  interface Keeper {
    void keep(Path arrived, PluginKey key) throws IOException;
  }

  private PluginIntake(Path file, PluginKey announced, Keeper keeper, FileChannel channel) {
    this.file = file;
    this.announced = announced;
    this.keeper = keeper;
    this.channel = channel;
  }

  static PluginIntake into(Path file, PluginKey announced, Keeper keeper) throws IOException {
    return new PluginIntake(
        file, announced, keeper, FileChannel.open(file, StandardOpenOption.WRITE));
  }

  /**
   * Takes the next bytes.
   *
   * @throws IllegalArgumentException when it becomes too large
   */
  public void write(ByteBuffer chunk) throws IOException {
    size += chunk.remaining();
    if (size > MAX_BYTES) {
      throw new IllegalArgumentException(
          "plugin %s is larger than %d MiB".formatted(announced, MAX_BYTES >> 20));
    }
    while (chunk.hasRemaining()) {
      channel.write(chunk);
    }
  }

  /**
   * Keeps the zip, which is on disk when this returns.
   *
   * @throws IllegalArgumentException when it is not the plugin that was announced
   */
  public void complete() throws IOException {
    channel.force(true);
    channel.close();
    PluginKey arrived;
    try {
      arrived = PluginArchive.read(file).key();
    } catch (PluginArchiveException e) {
      throw new IllegalArgumentException(
          "what arrived as plugin %s is not one: %s".formatted(announced, e.getMessage()), e);
    }
    if (!arrived.equals(announced)) {
      throw new IllegalArgumentException(
          "what arrived as plugin %s has digest %s and is %s"
              .formatted(announced, arrived.digest(), arrived));
    }
    keeper.keep(file, announced);
  }

  /** Gives up what was not completed. */
  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("{} is left behind: {}", file, e.getMessage());
    }
  }
}
