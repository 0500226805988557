package io.upm.plugin.mysql.provision;

import io.upm.spi.Password;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * What the server keeps of a password, compared with one in clear. A login would say as much only
 * of a user that may come from here. Pure.
 *
 * @param plugin what the server checks logins with
 * @param kept what it keeps for that, as bytes
 */
record StoredPassword(String plugin, byte[] kept) {
  private static final String CACHING = "caching_sha2_password";
  private static final String SHA256 = "sha256_password";
  private static final String NATIVE = "mysql_native_password";

  /** {@code $A$}, three digits of thousands of rounds in hexadecimal, and {@code $}. */
  private static final int CACHING_HEAD = 7;

  /** {@code $5$}. */
  private static final int SHA256_HEAD = 3;

  private static final int SALT = 20;
  private static final int ROUNDS = 5000;

  /**
   * Whether it is of this password; empty when that can't be told, as the server checks logins of
   * this user in another way than by a password.
   */
  Optional<Boolean> isOf(Password password) {
    return switch (plugin) {
      case CACHING -> Optional.of(matchesCaching(password.utf8()));
      case SHA256 -> Optional.of(matches(password.utf8(), SHA256_HEAD, 1, ROUNDS));
      case NATIVE -> Optional.of(matchesNative(password.utf8()));
      default -> Optional.empty();
    };
  }

  private boolean matchesCaching(byte[] password) {
    if (kept.length < CACHING_HEAD) {
      return false;
    }
    String thousands = new String(kept, 3, 3, StandardCharsets.ISO_8859_1);
    return thousands.matches("[0-9A-Fa-f]{3}")
        && matches(password, CACHING_HEAD, 0, Integer.parseInt(thousands, 16) * 1000);
  }

  /**
   * @param gap bytes between salt and digest
   */
  private boolean matches(byte[] password, int head, int gap, int rounds) {
    int digest = head + SALT + gap;
    if (kept.length <= digest) {
      return false;
    }
    byte[] salt = Arrays.copyOfRange(kept, head, head + SALT);
    byte[] wanted = Arrays.copyOfRange(kept, digest, kept.length);
    byte[] made = Sha256Crypt.digest(password, salt, rounds).getBytes(StandardCharsets.ISO_8859_1);
    return MessageDigest.isEqual(made, wanted);
  }

  private boolean matchesNative(byte[] password) {
    try {
      var sha1 = MessageDigest.getInstance("SHA-1");
      String made =
          "*" + HexFormat.of().withUpperCase().formatHex(sha1.digest(sha1.digest(password)));
      return made.equals(new String(kept, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /** An array is compared by what is in it, and never shown. */
  @Override
  public boolean equals(Object other) {
    return other instanceof StoredPassword that
        && plugin.equals(that.plugin)
        && Arrays.equals(kept, that.kept);
  }

  @Override
  public int hashCode() {
    return 31 * plugin.hashCode() + Arrays.hashCode(kept);
  }

  @Override
  public String toString() {
    return "StoredPassword[" + plugin + "]";
  }
}
