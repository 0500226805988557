package io.upm.spi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A password or other secret. Never prints itself, and is not a {@link String} so that it does not
 * slip into a message by concatenation.
 */
public final class Password {
  private final char[] value;

  private Password(char[] value) {
    this.value = value;
  }

  public static Password of(CharSequence value) {
    return new Password(value.toString().toCharArray());
  }

  /** Copies, so that the caller may wipe its own array. */
  public static Password of(char[] value) {
    return new Password(value.clone());
  }

  /** The secret itself, for a driver or a file with mode 0600. Never log or concatenate it. */
  public String reveal() {
    return new String(value);
  }

  public byte[] utf8() {
    return reveal().getBytes(StandardCharsets.UTF_8);
  }

  public boolean isEmpty() {
    return value.length == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Password that && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return "***";
  }
}
