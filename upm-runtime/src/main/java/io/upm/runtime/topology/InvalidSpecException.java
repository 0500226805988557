package io.upm.runtime.topology;

import io.upm.spi.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** The spec is wrong; the message says all that is wrong with it. */
final class InvalidSpecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidSpecException(List<Problem> problems) {
    super(problems.stream().map(Problem::sentence).collect(Collectors.joining("; ")));
  }
}
