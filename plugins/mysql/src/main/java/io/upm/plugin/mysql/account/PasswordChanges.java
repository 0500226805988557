package io.upm.plugin.mysql.account;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.client.LoginPassword;
import io.upm.plugin.mysql.client.ReplicationPassword;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.engine.Account;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wished of each account of a unit, from the passwords before, now and wanted. Pure. */
final class PasswordChanges {
  private PasswordChanges() {}

  /**
   * One account that the Secret has a password for.
   *
   * @param user its name
   * @param wanted what the Secret says
   * @param changed whether that isn't what is in force
   * @param reverted whether it is one that was in force before and may still be taken
   */
  record PasswordChange(String user, Password wanted, boolean changed, boolean reverted) {}

  /** What one account needs on a server that takes writes. */
  enum Need {
    /** It has the wanted password, and no other is to be remembered. */
    NOTHING,

    /** The wanted one, and the present one beside it. */
    CHANGE,

    /**
     * The server takes the wanted one already: it was set by a change that nobody saw the end of,
     * or it is only the second one. To be set without touching the second, which is right for both.
     */
    CONFIRM
  }

  /**
   * All accounts of the unit, each user once.
   *
   * @throws PluginException of kind USER when a password can't be used
   */
  static List<PasswordChange> of(
      Instance instance, Accounts inForce, Accounts wanted, Accounts former) {
    var changes = new ArrayList<PasswordChange>();
    for (Account account : MysqlEngine.DESCRIPTOR.accounts()) {
      String user = instance.user(account);
      Optional<Password> password = wanted.password(user);
      check(account, user, password);
      boolean known = changes.stream().anyMatch(change -> change.user().equals(user));
      if (password.isPresent() && !known) {
        changes.add(
            new PasswordChange(
                user,
                password.get(),
                !inForce.password(user).equals(password),
                former.password(user).equals(password)));
      }
    }
    return changes;
  }

  private static void check(Account account, String user, Optional<Password> password) {
    if (password.isEmpty()) {
      if (account.required()) {
        throw PluginException.user(
            "the Secret has no password for \"%s\" any more: it needs a key of that name"
                .formatted(user));
      }
      return;
    }
    LoginPassword.check(user, password.get());
    if (account.equals(MysqlEngine.REPLICATION)) {
      ReplicationPassword.check(user, password.get());
    }
  }

  /**
   * @param taken whether the server takes the wanted password now
   */
  static Need need(PasswordChange change, boolean taken) {
    if (!taken || change.reverted()) {
      return Need.CHANGE;
    }
    return change.changed() ? Need.CONFIRM : Need.NOTHING;
  }
}
