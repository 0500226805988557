package io.upm.plugin.mysql.client;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.spi.Password;
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

  private boolean staysHere() {
    return host.equals("127.0.0.1");
  }

  /** Without TLS only what never leaves the machine; elsewhere with TLS wherever the server can. */
  String sslMode() {
    return staysHere() ? "DISABLED" : "PREFERRED";
  }
}
