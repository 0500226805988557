package io.upm.plugin.mysql.provision;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.spi.PluginException;
import io.upm.spi.instance.Instance;

/** The users that UPM made for itself, which are nobody else's to change. */
final class OwnUsers {
  private OwnUsers() {}

  /**
   * @throws PluginException of kind USER when it is one of them
   */
  static void refuse(Instance instance, String name) {
    boolean own =
        MysqlEngine.DESCRIPTOR.accounts().stream()
            .anyMatch(account -> instance.user(account).equals(name));
    if (own) {
      throw PluginException.user(
          "user \"%s\" is one of the UnitSet's own, whose passwords its Secret has: take another name"
              .formatted(name));
    }
  }
}
