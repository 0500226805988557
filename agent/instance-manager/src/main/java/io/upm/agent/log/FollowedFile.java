package io.upm.agent.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A log file that is followed through renames and truncation. One thread only. */
final class FollowedFile implements AutoCloseable {
  /** Of a file that nobody followed before, such as one on a restored volume. */
  private static final int MOST_OF_THE_PAST = 64 << 10;

  private final Path path;
  private final ByteBuffer buffer = ByteBuffer.allocate(8 << 10);
  private final LineCutter line = new LineCutter();
  private @Nullable FileChannel channel;
  private String key = "";
  private long position;

  /**
   * @param mark where an earlier agent had come to; empty if none followed this file
   */
  FollowedFile(Path path, String mark) {
    this.path = path;
    try {
      begin(mark);
    } catch (IOException | NumberFormatException e) {
      position = 0;
      key = "";
    }
  }

  private void begin(String mark) throws IOException {
    String[] parts = mark.split(" ", 2);
    String found = Files.exists(path) ? keyOf(path) : "";
    if (parts.length < 2 || parts[1].isEmpty()) {
      key = found;
      position = found.isEmpty() ? 0 : Math.max(0, Files.size(path) - MOST_OF_THE_PAST);
      return;
    }
    if (parts[1].equals(found)) {
      key = found;
      position = Long.parseLong(parts[0]);
      return;
    }
    // Renamed while nobody looked: its rest comes first, and then all of its successor.
    Optional<Path> former = sibling(parts[1]);
    if (former.isPresent()) {
      channel = FileChannel.open(former.get(), StandardOpenOption.READ);
      key = parts[1];
      position = Long.parseLong(parts[0]);
    }
  }

  private Optional<Path> sibling(String wanted) throws IOException {
    try (DirectoryStream<Path> siblings =
        Files.newDirectoryStream(
            path.resolveSibling(""), other -> other.toString().startsWith(path + "."))) {
      for (Path sibling : siblings) {
        if (keyOf(sibling).equals(wanted)) {
          return Optional.of(sibling);
        }
      }
    }
    return Optional.empty();
  }

  /** How far it was read, for a later agent. */
  String mark() {
    return position - line.pending() + " " + key;
  }

  /** Copies the lines that were added since the last time. */
  void copyTo(LineCutter.Lines out) throws IOException {
    if (channel == null) {
      open();
    }
    if (channel != null) {
      copyRest(channel, out);
      if (rotated()) {
        // What was written between the last read and the rename.
        copyRest(channel, out);
        line.flush(out);
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

  private void copyRest(FileChannel from, LineCutter.Lines out) throws IOException {
    if (from.size() < position) {
      position = 0;
      line.forget();
    }
    for (int read = from.read(buffer.clear(), position);
        read > 0;
        read = from.read(buffer.clear(), position)) {
      position += read;
      buffer.flip();
      while (buffer.hasRemaining()) {
        line.add(buffer.get(), out);
      }
    }
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
