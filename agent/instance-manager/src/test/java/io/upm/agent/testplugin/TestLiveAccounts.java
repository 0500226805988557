package io.upm.agent.testplugin;

import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.LiveAccounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The file {@code takes} on the data volume says which passwords of root the engine takes. {@code
 * no} is refused, one that begins with {@code slow} hangs as long as a file of that name is there,
 * and nothing changes as long as there is a file {@code closed}.
 */
record TestLiveAccounts(Accounts accounts) implements LiveAccounts {
  @Override
  public Optional<String> change(Instance instance, Accounts wanted, Accounts former) {
    String next = root(wanted);
    if (next.equals("no")) {
      throw PluginException.user("the password of \"root\" can't be used");
    }
    Path data = instance.layout().data();
    if (Files.exists(data.resolve("closed"))) {
      return Optional.of("somebody else has not changed it yet");
    }
    String present = root(accounts);
    write(instance, present.equals(next) ? next : next + " " + present);
    while (next.startsWith("slow") && Files.exists(data.resolve("slow"))) {
      LockSupport.parkNanos(20_000_000);
    }
    return Optional.empty();
  }

  @Override
  public Optional<String> settle(Instance instance, Accounts former) {
    write(instance, root(accounts));
    return Optional.empty();
  }

  private static String root(Accounts accounts) {
    return accounts.password("root").map(Password::reveal).orElse("");
  }

  private static void write(Instance instance, String text) {
    try {
      Files.writeString(instance.layout().data().resolve("takes"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
