package io.upm.host.credential;

/** A value that does not hold a password. The message says why and never holds the value. */
public final class UnreadableSecretException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableSecretException(String message) {
    super(message);
  }
}
