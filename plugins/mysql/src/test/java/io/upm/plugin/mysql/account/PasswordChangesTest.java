package io.upm.plugin.mysql.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.Instances;
import io.upm.plugin.mysql.account.PasswordChanges.Need;
import io.upm.plugin.mysql.account.PasswordChanges.PasswordChange;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.Instance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PasswordChangesTest {
  private static final Map<String, String> FIRST = Map.of("root", "a", "replication", "b");

  @Test
  void saysWhatChangedAndWhatIsBack() {
    List<PasswordChange> changes =
        changes(Map.of("root", "next", "replication", "b", "other", "x"), Map.of("root", "next"));

    assertThat(changes)
        .containsExactly(
            new PasswordChange("root", Password.of("next"), true, true),
            new PasswordChange("replication", Password.of("b"), false, false));
  }

  @Test
  void anAccountOfTwoPurposesIsChangedOnce() {
    Instance instance =
        Instances.anInstance().settings(Map.of("PROV_USER", "root", "MON_USER", "root")).build();

    assertThat(PasswordChanges.of(instance, accounts(FIRST), accounts(FIRST), accounts(Map.of())))
        .extracting(PasswordChange::user)
        .containsExactly("root", "replication");
  }

  @Test
  void whatItNeedsDependsOnWhatTheServerTakes() {
    assertThat(need(true, false, false)).isEqualTo(Need.CHANGE);
    assertThat(need(false, false, false)).as("not as the Secret says").isEqualTo(Need.CHANGE);
    assertThat(need(true, false, true)).as("done, and not noted").isEqualTo(Need.CONFIRM);
    assertThat(need(true, true, true)).as("taken as the second only").isEqualTo(Need.CHANGE);
    assertThat(need(false, true, true)).as("begun and taken back").isEqualTo(Need.CHANGE);
    assertThat(need(false, false, true)).isEqualTo(Need.NOTHING);
  }

  @Test
  void refusesWhatCannotBeUsedWithOneSentence() {
    assertThatThrownBy(() -> changes(Map.of("replication", "b"), Map.of()))
        .isInstanceOf(PluginException.class)
        .hasMessage(
            "the Secret has no password for \"root\" any more: it needs a key of that name");
    assertThatThrownBy(() -> changes(Map.of("root", "", "replication", "b"), Map.of()))
        .hasMessage("the password of \"root\" has 0 bytes: 1 to 213 are allowed");
    assertThatThrownBy(() -> changes(Map.of("root", "ü".repeat(107), "replication", "b"), Map.of()))
        .hasMessage("the password of \"root\" has 214 bytes: 1 to 213 are allowed");
    assertThatThrownBy(() -> changes(Map.of("root", "a", "replication", "x".repeat(33)), Map.of()))
        .hasMessageContaining("can't be kept by a replication channel");
  }

  private static Need need(boolean changed, boolean reverted, boolean taken) {
    return PasswordChanges.need(
        new PasswordChange("root", Password.of("x"), changed, reverted), taken);
  }

  private static List<PasswordChange> changes(
      Map<String, String> wanted, Map<String, String> former) {
    return PasswordChanges.of(
        Instances.anInstance().build(), accounts(FIRST), accounts(wanted), accounts(former));
  }

  private static Accounts accounts(Map<String, String> passwords) {
    return user -> Optional.ofNullable(passwords.get(user)).map(Password::of);
  }
}
