package io.upm.agent.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** HTTP/2 by hand (RFC 9113), as no library would let it be wrong. */
final class Frames {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int MOST = 16 << 10;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Frames preface() {
    out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return frame(SETTINGS, 0, 0, new byte[0]);
  }

  Frames call(int stream, String path) {
    return frame(HEADERS, END_HEADERS, stream, headers(path));
  }

  /** A call whose path needs more than a frame. */
  Frames longCall(int stream, int length) {
    byte[] block = headers("/" + "a".repeat(length));
    int first = Math.min(MOST, block.length);
    frame(HEADERS, 0, stream, Arrays.copyOf(block, first));
    for (int at = first; at < block.length; at += MOST) {
      int end = Math.min(block.length, at + MOST);
      frame(
          CONTINUATION,
          end == block.length ? END_HEADERS : 0,
          stream,
          Arrays.copyOfRange(block, at, end));
    }
    return this;
  }

  /**
   * The last message of a call.
   *
   * @param flag 0 for one that isn't compressed
   * @param length that it says it has
   */
  Frames message(int stream, int flag, long length, byte[] content) {
    byte[] data = new byte[5 + content.length];
    data[0] = (byte) flag;
    for (int place = 0; place < 4; place++) {
      data[1 + place] = (byte) (length >> 8 * (3 - place));
    }
    System.arraycopy(content, 0, data, 5, content.length);
    return frame(DATA, END_STREAM, stream, data);
  }

  Frames reset(int stream) {
    return frame(RESET, 0, stream, new byte[] {0, 0, 0, 8});
  }

  Frames noise(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    out.writeBytes(bytes);
    return this;
  }

  /** Any type, flags and stream, but as long as it says. */
  Frames randomFrame(RandomGenerator random) {
    byte[] payload = new byte[random.nextInt(64)];
    random.nextBytes(payload);
    return frame(random.nextInt(12), random.nextInt(256), random.nextInt(8), payload);
  }

  /** Says that 16 MiB follow. */
  Frames endlessFrame(int type, int stream) {
    begin(0xffffff, type, 0, stream);
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  private Frames frame(int type, int flags, int stream, byte[] payload) {
    begin(payload.length, type, flags, stream);
    out.writeBytes(payload);
    return this;
  }

  private void begin(int length, int type, int flags, int stream) {
    number(length, 3);
    number(type, 1);
    number(flags, 1);
    number(stream, 4);
  }

  private void number(int value, int bytes) {
    for (int place = bytes - 1; place >= 0; place--) {
      out.write(value >> 8 * place);
    }
  }

  /** As HPACK has it (RFC 7541): from its static table, or literally and not remembered. */
  private static byte[] headers(String path) {
    var block = new ByteArrayOutputStream();
    // :method POST, :scheme https
    block.write(0x83);
    block.write(0x87);
    // :path
    block.write(0x04);
    text(block, path);
    // content-type is number 31, which takes a second byte.
    block.write(0x0f);
    block.write(0x10);
    text(block, "application/grpc");
    block.write(0x00);
    text(block, "te");
    text(block, "trailers");
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    int rest = text.length();
    if (rest < 127) {
      block.write(rest);
    } else {
      block.write(127);
      for (rest -= 127; rest >= 128; rest >>= 7) {
        block.write(rest & 0x7f | 0x80);
      }
      block.write(rest);
    }
    block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
