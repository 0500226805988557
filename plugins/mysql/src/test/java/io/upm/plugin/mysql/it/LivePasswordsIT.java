package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.LiveAccounts;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Passwords of one real server: changes that are repeated, reverted, refused. */
@ParameterizedClass(name = "{0}")
@MethodSource("units")
final class LivePasswordsIT {
  private static final Map<String, String> FIRST =
      Map.of("root", "admin secret", "replication", "repl secret", "monitor", "mon secret");
  private static final Map<String, String> NONE = Map.of();

  private final Unit unit;
  private final LiveAccounts live;

  LivePasswordsIT(Unit unit) {
    this.unit = unit;
    this.live = unit.lifecycle().liveAccounts().orElseThrow();
  }

  static Stream<Unit> units() {
    return Images.all().stream().map(image -> Unit.running(Unit.Plan.of(image, "standalone", 0)));
  }

  @BeforeEach
  @AfterEach
  void asAtFirst() {
    Map<String, String> present = Map.copyOf(unit.passwords());
    change(FIRST, FIRST);
    unit.passwords().putAll(FIRST);
    live.settle(unit.instance(), accounts(present));
    assertThat(takes("root", "admin secret")).isTrue();
  }

  @Test
  void bothAreTakenUntilItIsSettled() {
    Map<String, String> next = with("root", "next");
    assertThat(change(next, NONE)).isEmpty();

    assertThat(takes("root", "next")).isTrue();
    assertThat(takes("root", "admin secret")).isTrue();
    assertThat(
            unit.rows(
                "SELECT host FROM mysql.user WHERE user = 'root' AND"
                    + " user_attributes->>'$.additional_password' IS NOT NULL"))
        .as("root at localhost and elsewhere")
        .hasSize(2);
    assertThat(takes("monitor", "mon secret")).isTrue();

    unit.passwords().putAll(next);
    assertThat(live.settle(unit.instance(), accounts(FIRST))).isEmpty();
    assertThat(live.settle(unit.instance(), accounts(FIRST))).isEmpty();
    assertThat(takes("root", "next")).isTrue();
    assertThat(takes("root", "admin secret")).isFalse();
  }

  /** The agent died before it noted that it was done, and asks again. */
  @Test
  void whatIsRepeatedForgetsNoFormerPassword() {
    Map<String, String> next = with("root", "next");
    change(next, NONE);
    change(next, NONE);
    change(next, accounts(FIRST));

    assertThat(takes("root", "next")).isTrue();
    assertThat(takes("root", "admin secret")).isTrue();
  }

  @Test
  void whatIsRevertedIsThePresentOneAgain() {
    Map<String, String> next = with("root", "next");
    change(next, NONE);
    unit.passwords().putAll(next);

    assertThat(change(FIRST, accounts(FIRST))).isEmpty();

    assertThat(takes("root", "next")).isTrue();
    assertThat(takes("root", "admin secret")).isTrue();
    unit.passwords().putAll(FIRST);
    live.settle(unit.instance(), accounts(next));
    assertThat(takes("root", "admin secret")).isTrue();
    assertThat(takes("root", "next")).isFalse();
  }

  /** Nobody knows whether it was begun. */
  @Test
  void oneThatWasBegunCanBeTakenBack() {
    for (boolean begun : new boolean[] {true, false}) {
      if (begun) {
        change(with("root", "next"), NONE);
      }

      assertThat(change(FIRST, accounts(FIRST))).isEmpty();

      live.settle(unit.instance(), accounts(with("root", "next")));
      assertThat(takes("root", "admin secret")).isTrue();
      assertThat(takes("root", "next")).isFalse();
    }
  }

  @Test
  void oneThatCannotBeUsedChangesNone() {
    unit.run("INSTALL COMPONENT 'file://component_validate_password'");
    try {
      for (Map<String, String> bad :
          java.util.List.of(
              with("root", ""),
              with("root", "x".repeat(214)),
              with("replication", "x".repeat(33)),
              with("monitor", "weak"))) {
        var all = new HashMap<>(Map.of("root", "Other-Secret-1", "replication", "Other-Secret-2"));
        bad.forEach((user, password) -> {
          if (!password.equals(FIRST.get(user))) {
            all.put(user, password);
          }
        });
        assertThatThrownBy(() -> change(all, NONE))
            .isInstanceOfSatisfying(
                PluginException.class,
                e -> assertThat(e.kind()).isEqualTo(PluginException.Kind.USER))
            .message()
            .doesNotContain("Other-Secret", "xxx", "weak");
        FIRST.forEach((user, password) -> assertThat(takes(user, password)).isTrue());
        assertThat(takes("root", "Other-Secret-1")).isFalse();
      }
    } finally {
      unit.run("UNINSTALL COMPONENT 'file://component_validate_password'");
    }
  }

  @Test
  void theLongestThatIsAllowedIsTaken() {
    Map<String, String> next = with("monitor", "x".repeat(213));

    assertThat(change(next, NONE)).isEmpty();

    assertThat(takes("monitor", "x".repeat(213))).isTrue();
    unit.passwords().putAll(next);
  }

  @Test
  void withoutAPasswordThatIsTakenItSaysWhatToDo() {
    unit.passwords().put("root", "lost");

    assertThatThrownBy(() -> change(with("root", "next"), NONE))
        .isInstanceOf(PluginException.class)
        .hasMessage(
            "the server refuses \"root\" with what the Secret says and with what it said: set the"
                + " key to the password that the account has");

    unit.passwords().putAll(FIRST);
    assertThatCode(() -> change(FIRST, NONE)).doesNotThrowAnyException();
  }

  private static Map<String, String> with(String user, String password) {
    var all = new HashMap<>(FIRST);
    all.put(user, password);
    return all;
  }

  private Optional<String> change(Map<String, String> wanted, Map<String, String> former) {
    return change(wanted, accounts(former));
  }

  private Optional<String> change(Map<String, String> wanted, Accounts former) {
    return live.change(unit.instance(), accounts(wanted), former);
  }

  private boolean takes(String user, String password) {
    try {
      unit.session(user, password).close();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static Accounts accounts(Map<String, String> passwords) {
    return user -> Optional.ofNullable(passwords.get(user)).map(Password::of);
  }
}
