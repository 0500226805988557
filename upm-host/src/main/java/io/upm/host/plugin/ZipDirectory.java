package io.upm.host.plugin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;

/**
 * The central directory of a zip, for the one thing in it that the JDK does not tell: what kind of
 * file an entry is on Unix. Offsets are those of the zip specification (APPNOTE 4.3.12 and 4.3.16).
 */
final class ZipDirectory {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int MAX_COMMENT = 0xffff;
  private static final int MAX_DIRECTORY_BYTES = 32 << 20;
  private static final int KIND = 0xf000;
  private static final int DIRECTORY = 0x4000;
  private static final int REGULAR = 0x8000;

  private ZipDirectory() {}

  /** Names of entries that are symbolic links, devices or the like. */
  static List<String> entriesThatAreNotFiles(Path zip) throws IOException {
    try (var channel = FileChannel.open(zip)) {
      ByteBuffer end = end(channel);
      int size = end.getInt(12);
      long offset = Integer.toUnsignedLong(end.getInt(16));
      if (size < 0 || size > MAX_DIRECTORY_BYTES || offset + size > channel.size()) {
        throw new ZipException("its directory is too large, or not where it should be");
      }
      return special(read(channel, offset, size));
    }
  }

  private static ByteBuffer end(FileChannel channel) throws IOException {
    int length = (int) Math.min(channel.size(), END_BYTES + MAX_COMMENT);
    ByteBuffer tail = read(channel, channel.size() - length, length);
    for (int at = length - END_BYTES; at >= 0; at--) {
      boolean found =
          tail.getInt(at) == END_SIGNATURE
              && Short.toUnsignedInt(tail.getShort(at + 20)) == length - END_BYTES - at;
      if (found) {
        return tail.slice(at, END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    throw new ZipException("it has no directory");
  }

  private static List<String> special(ByteBuffer directory) throws IOException {
    var names = new ArrayList<String>();
    int at = 0;
    while (at + ENTRY_BYTES <= directory.limit() && directory.getInt(at) == ENTRY_SIGNATURE) {
      int name = Short.toUnsignedInt(directory.getShort(at + 28));
      int extra = Short.toUnsignedInt(directory.getShort(at + 30));
      int comment = Short.toUnsignedInt(directory.getShort(at + 32));
      if (at + ENTRY_BYTES + name > directory.limit()) {
        throw new ZipException("its directory is cut off");
      }
      int kind = directory.getInt(at + 38) >>> 16 & KIND;
      if (kind != 0 && kind != DIRECTORY && kind != REGULAR) {
        var bytes = new byte[name];
        directory.get(at + ENTRY_BYTES, bytes);
        names.add(new String(bytes, StandardCharsets.UTF_8));
      }
      at += ENTRY_BYTES + name + extra + comment;
    }
    return names;
  }

  private static ByteBuffer read(FileChannel channel, long offset, int length) throws IOException {
    var buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new ZipException("it is cut off");
      }
    }
    return buffer.flip();
  }
}
