package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.DataLayout;
import io.upm.plugin.mysql.client.Login;
import io.upm.spi.action.ActionContext;
import io.upm.spi.instance.Instance;
import java.nio.charset.StandardCharsets;

/** How the client programs log in as the administrator: by an option file, and no argument. */
final class ClientOptions {
  private ClientOptions() {}

  /** Content of such a file. */
  static byte[] of(ActionContext context) {
    Instance instance = context.instance();
    Login login = Login.administrator(instance, context.accounts());
    return """
    [client]
    socket="%s"
    user="%s"
    password="%s"
    """
        .formatted(
            escaped(DataLayout.of(instance).socket().toString()),
            escaped(login.user()),
            escaped(login.password().reveal()))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Escapes of option files: manual, 6.2.2.2. */
  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }
}
