package io.upm.plugin.mysql.client;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Instance;

/**
 * Where to log in, and as whom.
 *
 * @param host name or address
 * @param port of the classic protocol
 * @param user account
 * @param password its password
 */
public record Login(String host, int port, String user, Password password) {
  /** As seen from beside the server. */
  public static Login local(Instance instance, String user, Password password) {
    return new Login("127.0.0.1", MysqlEngine.port(instance, MysqlEngine.MYSQL), user, password);
  }

  /**
   * The administrator, as seen from beside the server.
   *
   * @throws PluginException of kind USER when the Secret holds no password of theirs
   */
  public static Login administrator(Instance instance, Accounts accounts) {
    String user = instance.user(MysqlEngine.ADMIN);
    Password password =
        accounts
            .password(user)
            .orElseThrow(() ->
                PluginException.user("the Secret holds no password of \"%s\"".formatted(user)));
    return local(instance, user, password);
  }

  private boolean staysHere() {
    return host.equals("127.0.0.1");
  }

  /** Without TLS only what never leaves the machine; elsewhere with TLS wherever the server can. */
  String sslMode() {
    return staysHere() ? "DISABLED" : "PREFERRED";
  }
}
