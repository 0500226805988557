package io.upm.spi.store;

import io.upm.spi.instance.ProcessSpec;
import java.util.Objects;
import java.util.Optional;

/**
 * A program at one end of a transfer: its standard output is stored, or its standard input is what
 * was.
 *
 * @param program the program; it runs as the engine's user
 * @param input given to the standard input of one that writes; the place for secrets
 * @param estimate bytes that it will write, roughly; 0 when nobody knows
 * @param next one that reads what a program that reads makes of the data; it sees the end of that
 *     only when the first one has succeeded
 */
public record Feed(ProcessSpec program, byte[] input, long estimate, Optional<ProcessSpec> next) {
  public Feed {
    Objects.requireNonNull(program, "program");
    Objects.requireNonNull(next, "next");
    input = input.clone();
  }

  /** A program that writes. */
  public Feed(ProcessSpec program, byte[] input, long estimate) {
    this(program, input, estimate, Optional.empty());
  }

  /** One that reads. */
  public static Feed of(ProcessSpec program) {
    return new Feed(program, new byte[0], 0);
  }

  /** One that reads, and one that reads what that writes. */
  public static Feed through(ProcessSpec program, ProcessSpec next) {
    return new Feed(program, new byte[0], 0, Optional.of(next));
  }

  @Override
  public byte[] input() {
    return input.clone();
  }
}
