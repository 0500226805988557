package io.upm.agent.account;

import io.upm.agent.plugin.ActivePlugin;
import io.upm.agent.report.Status;
import io.upm.host.plugin.PluginDrainedException;
import io.upm.host.plugin.PluginFault;
import io.upm.spi.PluginException;
import io.upm.spi.engine.Account;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.LiveAccounts;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a changed Secret to the engine that runs. Until the engine has been seen to take the new
 * passwords, everything here goes on with the ones before. One thread only.
 */
public final class AccountKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(AccountKeeper.class);

  /** Between two looks at the Secret, and between two attempts at what waits. */
  private static final Duration LOOK = Duration.ofSeconds(3);

  /** A refused password is looked at again: what the engine allows may have changed. */
  private static final Duration REFUSED = Duration.ofSeconds(60);

  private final SecretAccounts accounts;
  private final Clock clock;
  private final Duration overlap;
  private SortedMap<String, String> refused = new TreeMap<>();
  private Status.Accounts status = Status.Accounts.NONE;
  private long lookNanos = System.nanoTime();
  private long againNanos = System.nanoTime();

  /**
   * @param overlap for how long former passwords are taken beside the new ones
   */
  public AccountKeeper(SecretAccounts accounts, Clock clock, Duration overlap) {
    this.accounts = accounts;
    this.clock = clock;
    this.overlap = overlap;
  }

  public Status.Accounts status() {
    return status;
  }

  /** Looks, now and then, whether there is anything to do for an engine that answers. */
  public void look(ActivePlugin plugin, Instance instance, long nowNanos) throws IOException {
    if (nowNanos - lookNanos < 0) {
      return;
    }
    lookNanos = nowNanos + LOOK.toNanos();
    try {
      if (!canChange(plugin)) {
        status = Status.Accounts.NONE;
        return;
      }
      SortedMap<String, String> mounted = mounted(plugin, instance);
      KnownPasswords known = accounts.book().known();
      if (mounted.isEmpty() || mounted.equals(known.inForce()) && known.begun().isEmpty()) {
        refused = new TreeMap<>();
        settle(plugin, instance, known);
      } else if (!mounted.equals(refused) || nowNanos - againNanos >= 0) {
        change(plugin, instance, mounted, known);
      }
    } catch (PluginDrainedException e) {
      LOG.debug("the plugin was replaced: {}", e.getMessage());
    } catch (PluginException | PluginFault e) {
      status = awaiting(String.valueOf(e.getMessage()), accounts.book().known());
    }
  }

  private static boolean canChange(ActivePlugin plugin) {
    return plugin
        .lifecycle()
        .call("live accounts", lifecycle -> lifecycle.liveAccounts().isPresent());
  }

  private SortedMap<String, String> mounted(ActivePlugin plugin, Instance instance) {
    var users = new TreeSet<String>();
    for (Account account : plugin.plugin().descriptor().accounts()) {
      String user = instance.user(account);
      if (!user.isEmpty()) {
        users.add(user);
      }
    }
    return accounts.mounted(users);
  }

  private void change(
      ActivePlugin plugin,
      Instance instance,
      SortedMap<String, String> mounted,
      KnownPasswords known)
      throws IOException {
    KnownPasswords begun = known.beginning(mounted);
    if (!begun.equals(known)) {
      accounts.book().write(begun);
    }
    SortedMap<String, String> second = known.second();
    try {
      Optional<String> awaited =
          ask(
              plugin,
              "change passwords",
              live -> live.change(instance, accounts.of(mounted), accounts.of(second)));
      if (awaited.isPresent()) {
        status = awaiting(awaited.get(), known);
        return;
      }
      KnownPasswords next = known.changedTo(mounted, clock.millis());
      accounts.book().write(next);
      status = awaiting("", next);
      LOG.info("the engine takes the passwords of the Secret");
    } catch (PluginException e) {
      if (e.kind() != PluginException.Kind.USER) {
        throw e;
      }
      if (!begun.equals(known)) {
        accounts.book().write(known);
      }
      refused = mounted;
      againNanos = System.nanoTime() + REFUSED.toNanos();
      String reason = String.valueOf(e.getMessage());
      if (!reason.equals(status.refused())) {
        LOG.warn("the passwords of the Secret are not used: {}", reason);
      }
      status = new Status.Accounts(reason, "", formerUntil(known));
    }
  }

  /** Has the former passwords forgotten when all have had the time to learn the present ones. */
  private void settle(ActivePlugin plugin, Instance instance, KnownPasswords known)
      throws IOException {
    if (known.former().isEmpty() || clock.millis() < formerUntil(known)) {
      status = awaiting("", known);
      return;
    }
    Optional<String> awaited =
        ask(
            plugin,
            "forget former passwords",
            live -> live.settle(instance, accounts.of(known.former())));
    if (awaited.isPresent()) {
      status = awaiting(awaited.get(), known);
      return;
    }
    KnownPasswords next = known.settled();
    accounts.book().write(next);
    status = awaiting("", next);
    LOG.info("the engine takes no former passwords any more");
  }

  private static Optional<String> ask(
      ActivePlugin plugin, String what, Function<LiveAccounts, Optional<String>> question) {
    return plugin
        .lifecycle()
        .call(what, lifecycle -> question.apply(lifecycle.liveAccounts().orElseThrow()));
  }

  private Status.Accounts awaiting(String what, KnownPasswords known) {
    return new Status.Accounts("", what, formerUntil(known));
  }

  /** 0 when there are none. */
  private long formerUntil(KnownPasswords known) {
    return known.former().isEmpty() ? 0 : known.sinceMillis() + overlap.toMillis();
  }
}
