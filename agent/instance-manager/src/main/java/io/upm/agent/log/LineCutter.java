package io.upm.agent.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** Makes lines out of bytes, within bounded memory. */
final class LineCutter {
  /** A longer line is cut into several, never within a character. */
  static final int LONGEST = 16 << 10;

  /** Bytes after the first one of the longest character in UTF-8. */
  private static final int MOST_FOLLOWING = 3;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /** Takes a line. */
  interface Lines {
    /**
     * @param line without its end
     * @param cut whether more of it follows
     */
    void take(byte[] line, boolean cut) throws IOException;
  }

  void add(byte next, Lines lines) throws IOException {
    if (next == '\n') {
      end(lines);
      return;
    }
    if (line.size() == LONGEST) {
      byte[] full = line.toByteArray();
      int end = beginOfLastCharacter(full, next);
      line.reset();
      line.write(full, end, full.length - end);
      lines.take(Arrays.copyOf(full, end), true);
    }
    line.write(next);
  }

  /** Whatever there is becomes a line; at a file's end, its last one may have none. */
  void flush(Lines lines) throws IOException {
    if (line.size() > 0) {
      end(lines);
    }
  }

  void forget() {
    line.reset();
  }

  /** Bytes that are no line yet. */
  int pending() {
    return line.size();
  }

  private void end(Lines lines) throws IOException {
    byte[] whole = line.toByteArray();
    line.reset();
    lines.take(whole, false);
  }

  /** Where to cut so that a character that goes on in the next byte stays in one piece. */
  private static int beginOfLastCharacter(byte[] full, byte next) {
    if (!follows(next)) {
      return full.length;
    }
    for (int at = full.length - 1; at >= full.length - MOST_FOLLOWING; at--) {
      if (!follows(full[at])) {
        return at;
      }
    }
    // No character at all.
    return full.length;
  }

  private static boolean follows(byte each) {
    return (each & 0xC0) == 0x80;
  }
}
