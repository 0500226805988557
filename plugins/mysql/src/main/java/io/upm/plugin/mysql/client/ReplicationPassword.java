package io.upm.plugin.mysql.client;

import io.upm.spi.Password;
import io.upm.spi.PluginException;

/**
 * What a replication channel can keep of a password: 32 bytes, in a character set that has no room
 * for characters beyond U+FFFF. The server would take a longer or richer one for the account, and
 * replicas would then fail to log in.
 */
public final class ReplicationPassword {
  private static final int MOST_BYTES = 32;

  private ReplicationPassword() {}

  /**
   * @throws PluginException of kind USER when replicas could not log in with it
   */
  public static void check(String user, Password password) {
    String text = password.reveal();
    boolean beyond = text.codePoints().anyMatch(Character::isSupplementaryCodePoint);
    if (beyond || password.utf8().length > MOST_BYTES) {
      throw PluginException.user(
          "the password of \"%s\" can't be kept by a replication channel: at most %d bytes, and no"
                  .formatted(user, MOST_BYTES)
              + " characters beyond U+FFFF such as emoji");
    }
  }
}
