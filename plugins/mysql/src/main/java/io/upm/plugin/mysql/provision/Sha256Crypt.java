package io.upm.plugin.mysql.provision;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The digest of a password that <a
 * href="https://www.akkadia.org/drepper/SHA-crypt.txt">SHA-crypt</a> describes, with SHA-256, and
 * without that document's bound on the salt: the server's have 20 bytes. Pure.
 */
final class Sha256Crypt {
  private static final String ALPHABET =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** Of the 30 bytes that go three at a time; two are left. */
  private static final int THIRD = 10;

  private Sha256Crypt() {}

  /** 43 characters. */
  static String digest(byte[] password, byte[] salt, int rounds) {
    byte[] sum = first(password, salt);
    byte[] passwords = repeated(times(password, password.length), password.length);
    byte[] salts = repeated(times(salt, 16 + (sum[0] & 0xff)), salt.length);
    MessageDigest sha256 = sha256();
    for (int round = 0; round < rounds; round++) {
      boolean odd = (round & 1) != 0;
      sha256.update(odd ? passwords : sum);
      if (round % 3 != 0) {
        sha256.update(salts);
      }
      if (round % 7 != 0) {
        sha256.update(passwords);
      }
      sha256.update(odd ? sum : passwords);
      sum = sha256.digest();
    }
    return text(sum);
  }

  private static byte[] first(byte[] password, byte[] salt) {
    MessageDigest sha256 = sha256();
    sha256.update(password);
    sha256.update(salt);
    byte[] other = sha256.digest(password);
    sha256.update(password);
    sha256.update(salt);
    sha256.update(repeated(other, password.length));
    for (int bits = password.length; bits > 0; bits >>= 1) {
      sha256.update((bits & 1) != 0 ? other : password);
    }
    return sha256.digest();
  }

  private static byte[] times(byte[] bytes, int count) {
    MessageDigest sha256 = sha256();
    for (int time = 0; time < count; time++) {
      sha256.update(bytes);
    }
    return sha256.digest();
  }

  /** So many bytes of it, from its begin again and again. */
  private static byte[] repeated(byte[] bytes, int length) {
    byte[] all = new byte[length];
    for (int place = 0; place < length; place++) {
      all[place] = bytes[place % bytes.length];
    }
    return all;
  }

  /** Three bytes at a time, one of each third, the thirds taking turns at being the first. */
  private static String text(byte[] sum) {
    var text = new StringBuilder();
    for (int step = 0; step < THIRD; step++) {
      int turn =
          switch (step % 3) {
            case 0 -> 0;
            case 1 -> 2 * THIRD;
            default -> THIRD;
          };
      append(
          text,
          sum[(step + turn) % (3 * THIRD)] & 0xff,
          sum[(step + turn + THIRD) % (3 * THIRD)] & 0xff,
          sum[(step + turn + 2 * THIRD) % (3 * THIRD)] & 0xff);
    }
    append(text, 0, sum[3 * THIRD + 1] & 0xff, sum[3 * THIRD] & 0xff);
    // The last two bytes need a character less than three do.
    text.setLength(text.length() - 1);
    return text.toString();
  }

  private static void append(StringBuilder text, int high, int middle, int low) {
    int word = high << 16 | middle << 8 | low;
    for (int character = 0; character < 4; character++) {
      text.append(ALPHABET.charAt(word & 0x3f));
      word >>= 6;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
