package io.upm.plugin.mysql.client;

import io.upm.spi.Password;
import io.upm.spi.PluginException;

/** What a login can carry of a password. */
public final class LoginPassword {
  /** Without TLS it is encrypted with the server's RSA key of 2048 bits. */
  private static final int MOST_BYTES = 213;

  private LoginPassword() {}

  /**
   * @throws PluginException of kind USER when nobody could log in with it
   */
  public static void check(String user, Password password) {
    int bytes = password.utf8().length;
    if (bytes == 0 || bytes > MOST_BYTES) {
      throw PluginException.user(
          "the password of \"%s\" has %d bytes: 1 to %d are allowed"
              .formatted(user, bytes, MOST_BYTES));
    }
  }
}
