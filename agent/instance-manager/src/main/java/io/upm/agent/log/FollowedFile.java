package io.upm.agent.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A log file that is followed through renames and truncation. One thread only. */
final class FollowedFile implements AutoCloseable {
  /** A longer line is cut into several. */
  private static final int LONGEST_LINE = 16 << 10;

  /** Of a file that nobody followed before, such as one on a restored volume. */
  private static final int MOST_OF_THE_PAST = 64 << 10;

  private final Path path;
  private final ByteBuffer buffer = ByteBuffer.allocate(8 << 10);
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private @Nullable FileChannel channel;
  private String key = "";
  private long position;

  /**
   * @param mark where an earlier agent had come to; empty if none followed this file
   */
  FollowedFile(Path path, String mark) {
    this.path = path;
    String[] parts = mark.split(" ", 2);
    try {
      String found = Files.exists(path) ? keyOf(path) : "";
      boolean known = parts.length == 2 && parts[1].equals(found);
      long size = found.isEmpty() ? 0 : Files.size(path);
      key = found;
      position = known ? Long.parseLong(parts[0]) : Math.max(0, size - MOST_OF_THE_PAST);
    } catch (IOException | NumberFormatException e) {
      position = 0;
      key = "";
    }
  }

  /** How far it was read, for a later agent. */
  String mark() {
    return position - line.size() + " " + key;
  }

  /** Copies the lines that were added since the last time. */
  void copyTo(OutputStream out) throws IOException {
    if (channel == null) {
      open();
    }
    if (channel != null) {
      copyRest(channel, out);
      if (rotated()) {
        // What was written between the last read and the rename.
        copyRest(channel, out);
        close();
        key = "";
        position = 0;
        open();
        if (channel != null) {
          copyRest(channel, out);
        }
      }
    }
  }

  private void open() throws IOException {
    try {
      FileChannel opened = FileChannel.open(path, StandardOpenOption.READ);
      channel = opened;
      String found = keyOf(path);
      if (!found.equals(key)) {
        key = found;
        position = 0;
      }
    } catch (NoSuchFileException e) {
      // Not written yet.
      position = 0;
    }
  }

  private boolean rotated() throws IOException {
    try {
      return !keyOf(path).equals(key);
    } catch (NoSuchFileException e) {
      // Renamed, and the next one isn't there yet: the old one may still grow.
      return false;
    }
  }

  private void copyRest(FileChannel from, OutputStream out) throws IOException {
    if (from.size() < position) {
      position = 0;
      line.reset();
    }
    for (int read = from.read(buffer.clear(), position);
        read > 0;
        read = from.read(buffer.clear(), position)) {
      position += read;
      for (byte each : buffer.flip().array()) {
        if (read-- == 0) {
          break;
        }
        line.write(each);
        if (each == '\n' || line.size() == LONGEST_LINE) {
          if (each != '\n') {
            line.write('\n');
          }
          line.writeTo(out);
          line.reset();
        }
      }
    }
    out.flush();
  }

  private static String keyOf(Path path) throws IOException {
    return String.valueOf(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
