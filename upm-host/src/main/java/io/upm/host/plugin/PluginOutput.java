package io.upm.host.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output or error of a process that runs plugins: what code of a plugin writes beyond its
 * allowance is left out, by a logger or not.
 */
public final class PluginOutput extends OutputStream {
  private final OutputStream target;

  private PluginOutput(OutputStream target) {
    this.target = target;
  }

  /** Has everything that is written from now on to standard output and error go through here. */
  public static void install() {
    System.setOut(limited(System.out));
    System.setErr(limited(System.err));
  }

  static PrintStream limited(OutputStream target) {
    return new PrintStream(new PluginOutput(target), true, StandardCharsets.UTF_8);
  }

  @Override
  public void write(int one) throws IOException {
    if (may(1)) {
      target.write(one);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (may(length)) {
      target.write(bytes, offset, length);
    }
  }

  @Override
  public void flush() throws IOException {
    target.flush();
  }

  private static boolean may(int bytes) {
    return PluginRoom.current().map(room -> room.mayLog(bytes)).orElse(true);
  }
}
