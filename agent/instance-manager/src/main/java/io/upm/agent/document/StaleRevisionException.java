package io.upm.agent.document;

/** Somebody spoke of an instance document older than the one that is held. */
public final class StaleRevisionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StaleRevisionException(long given, long held) {
    super("revision %d is older than %d, which is held".formatted(given, held));
  }
}
