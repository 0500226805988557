package io.upm.spi.store;

import io.upm.spi.instance.ProcessSpec;
import java.util.Objects;

/**
 * A program at one end of a transfer: its standard output is stored, or its standard input is what
 * was.
 *
 * @param program the program; it runs as the engine's user
 * @param input given to the standard input of one that writes; the place for secrets
 * @param estimate bytes that it will write, roughly; 0 when nobody knows
 */
public record Feed(ProcessSpec program, byte[] input, long estimate) {
  public Feed {
    Objects.requireNonNull(program, "program");
    input = input.clone();
  }

  /** One that reads. */
  public static Feed of(ProcessSpec program) {
    return new Feed(program, new byte[0], 0);
  }

  @Override
  public byte[] input() {
    return input.clone();
  }
}
