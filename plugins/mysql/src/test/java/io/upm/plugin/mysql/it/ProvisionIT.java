package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.client.Session;
import io.upm.plugin.mysql.provision.ApplyDatabase;
import io.upm.plugin.mysql.provision.ApplyUser;
import io.upm.plugin.mysql.provision.ApplyUser.Grant;
import io.upm.plugin.mysql.provision.DropDatabase;
import io.upm.plugin.mysql.provision.DropUser;
import io.upm.plugin.mysql.provision.Privilege;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionResult;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Databases and users in a real server, as they are declared. */
@ParameterizedClass(name = "{0}")
@MethodSource("units")
final class ProvisionIT {
  private static final String PRIVILEGES =
      "SELECT table_schema AS place, privilege_type AS privilege FROM"
          + " information_schema.schema_privileges WHERE grantee = '''app''@''%'''";

  private final Unit unit;
  private final Map<String, String> secret = new HashMap<>(Map.of("app", "first"));

  ProvisionIT(Unit unit) {
    this.unit = unit;
  }

  static Stream<Unit> units() {
    return Images.all().stream().map(image -> Unit.running(Unit.Plan.of(image, "standalone", 0)));
  }

  @AfterEach
  void clean() {
    unit.run("SET GLOBAL read_only = 0");
    unit.run("DROP DATABASE IF EXISTS shop_eu");
    unit.run("DROP USER IF EXISTS 'app'@'%', 'app'@'10.%'");
  }

  @Test
  void aDatabaseIsMadeOnceChangedAndDropped() {
    ActionResult made = database("utf8mb4", "utf8mb4_bin");
    assertThat(made.message()).isEqualTo("database shop_eu is made");
    assertThat(made.values())
        .containsEntry("characterSet", "utf8mb4")
        .containsEntry("collation", "utf8mb4_bin");
    unit.run("CREATE TABLE shop_eu.t (id INT PRIMARY KEY)");

    String history = history();
    assertThat(database("utf8mb4", "utf8mb4_bin").message())
        .isEqualTo("database shop_eu is as it is declared");
    assertThat(history()).as("nothing was written").isEqualTo(history);

    assertThat(database("latin1", null).message())
        .isEqualTo("database shop_eu has other defaults now");
    assertThat(unit.value("SELECT COUNT(*) FROM shop_eu.t")).isEqualTo("0");

    assertRefused(() -> database("klingon", null), "options: this server has no");

    new DropDatabase().run(new DropDatabase.Wanted("shop_eu"), new Context());
    new DropDatabase().run(new DropDatabase.Wanted("shop_eu"), new Context());
    assertThat(unit.rows("SHOW DATABASES LIKE 'shop\\_eu'")).isEmpty();
  }

  @Test
  void aUserIsGivenWhatIsMissingAndLosesWhatIsTooMuch() {
    database(null, null);
    assertThat(user(false, Privilege.SELECT, Privilege.INSERT).message())
        .isEqualTo("user app@%: is made; is given privileges in shop_eu");
    assertThat(privileges()).containsExactlyInAnyOrder("shop\\_eu SELECT", "shop\\_eu INSERT");
    assertThat(takes("first")).isTrue();

    String history = history();
    assertThat(user(false, Privilege.SELECT, Privilege.INSERT).message())
        .isEqualTo("user app@%: is as it is declared");
    assertThat(history()).as("nothing was written").isEqualTo(history);

    unit.run("GRANT SELECT ON `shop_eu`.* TO 'app'@'%' WITH GRANT OPTION");
    unit.run("GRANT DELETE ON `mysql`.* TO 'app'@'%'");
    user(false, Privilege.SELECT, Privilege.UPDATE);
    assertThat(privileges()).containsExactlyInAnyOrder("shop\\_eu SELECT", "shop\\_eu UPDATE");

    user(false, Privilege.ALL);
    assertThat(privileges()).hasSize(Privilege.values().length - 1);
    user(false);
    assertThat(privileges()).isEmpty();
  }

  @Test
  void namesAreNoPatternsWhereTheServerRevokesPartially() {
    database(null, null);
    unit.run("SET GLOBAL partial_revokes = 1");
    try {
      user(false, Privilege.SELECT);
      assertThat(privileges()).containsExactly("shop_eu SELECT");
      assertThat(user(false, Privilege.SELECT).message())
          .isEqualTo("user app@%: is as it is declared");
      assertThat(reads("shop_eu")).isTrue();
    } finally {
      unit.run("SET GLOBAL partial_revokes = 0");
    }
  }

  @Test
  void aChangedPasswordIsTakenBesideTheFormerOneUntilThatIsDiscarded() {
    user(false);
    secret.put("app", "second");
    ActionResult changed = user(false);
    assertThat(changed.values()).containsEntry("formerPasswordKept", "true");
    assertThat(takes("first")).isTrue();
    assertThat(takes("second")).isTrue();

    // Begun again, as after a crash: the former one stays what it was, and is told of.
    assertThat(user(false).values()).containsEntry("formerPasswordKept", "true");
    assertThat(takes("first")).isTrue();

    assertThat(user(true).values()).doesNotContainKey("formerPasswordKept");
    assertThat(takes("first")).isFalse();
    assertThat(takes("second")).isTrue();
    assertThat(user(true).message()).isEqualTo("user app@%: is as it is declared");

    // Changed again just when the former one was to go: nobody is refused.
    secret.put("app", "third");
    user(true);
    assertThat(takes("second")).isTrue();
    assertThat(takes("third")).isTrue();
  }

  @Test
  void aUserFromElsewhereIsLookedAtTooAndDropped() {
    assertThat(userFrom("10.%").message()).startsWith("user app@10.%: is made");
    assertThat(userFrom("10.%").message()).isEqualTo("user app@10.%: is as it is declared");
    secret.put("app", "second");
    assertThat(userFrom("10.%").message()).isEqualTo("user app@10.%: has another password");

    new DropUser().run(new DropUser.Wanted("app", "10.%"), new Context());
    new DropUser().run(new DropUser.Wanted("app", "10.%"), new Context());
    assertThat(unit.rows("SELECT 1 FROM mysql.user WHERE user = 'app'")).isEmpty();
  }

  @Test
  void otherPlainPasswordsAreComparedAsThatServerKeepsThem() {
    for (String plain : List.of("a", "x".repeat(213), "pässword ✓", " $A$005$ ' \" \\ ")) {
      secret.put("app", plain);
      user(false);
      assertThat(user(false).message()).isEqualTo("user app@%: is as it is declared");
      assertThat(takes(plain)).isTrue();
    }
  }

  @Test
  void whatMustNotBeIsRefusedInOneSentence() {
    assertRefused(
        () ->
            new ApplyUser()
                .run(
                    new ApplyUser.Wanted("replication", "%", "app", List.of(), null),
                    new Context()),
        "user \"replication\" is one of the UnitSet's own");
    assertRefused(
        () -> new DropUser().run(new DropUser.Wanted("root", "%"), new Context()),
        "user \"root\" is one of the UnitSet's own");
    secret.put("app", "");
    assertRefused(() -> user(false), "the password of \"app\" has 0 bytes");
    secret.remove("app");
    assertRefused(() -> user(false), "the Secret has no key \"app\"");
    assertThat(unit.rows("SELECT 1 FROM mysql.user WHERE user = 'app'")).isEmpty();
  }

  @Test
  void aPasswordAgainstTheServersPolicyIsRefusedAndNotShown() {
    unit.run("INSTALL COMPONENT 'file://component_validate_password'");
    try {
      assertRefused(() -> user(false), "the server's password policy does not allow");
    } finally {
      unit.run("UNINSTALL COMPONENT 'file://component_validate_password'");
    }
  }

  @Test
  void aServerThatTakesNoWritesSaysSoAndMayBeAskedAgain() {
    unit.run("SET GLOBAL read_only = 1");

    assertThatThrownBy(() -> database(null, null))
        .isInstanceOfSatisfying(
            PluginException.class,
            e -> assertThat(e.kind()).isEqualTo(PluginException.Kind.TRANSIENT))
        .hasMessage("this server takes no writes now");
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable work, String sentence) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            PluginException.class, e -> assertThat(e.kind()).isEqualTo(PluginException.Kind.USER))
        .hasMessageContaining(sentence)
        .message()
        .doesNotContain("first");
  }

  private ActionResult database(@Nullable String characterSet, @Nullable String collation) {
    return new ApplyDatabase()
        .run(
            new ApplyDatabase.Wanted("shop_eu", new ApplyDatabase.Options(characterSet, collation)),
            new Context());
  }

  private ActionResult user(boolean discardFormer, Privilege... privileges) {
    return new ApplyUser()
        .run(
            new ApplyUser.Wanted(
                "app",
                "%",
                "app",
                privileges.length == 0
                    ? List.of()
                    : List.of(new Grant("shop_eu", List.of(privileges))),
                discardFormer),
            new Context());
  }

  private ActionResult userFrom(String host) {
    return new ApplyUser()
        .run(new ApplyUser.Wanted("app", host, "app", List.of(), null), new Context());
  }

  /** What the server has written so far. */
  private String history() {
    return unit.value("SELECT @@GLOBAL.gtid_executed");
  }

  private List<String> privileges() {
    return unit.rows(PRIVILEGES).stream()
        .map(row -> row.get("place") + " " + row.get("privilege"))
        .toList();
  }

  /** Whether the user may look into that database. */
  private boolean reads(String database) {
    try (Session session = unit.session("app", "first")) {
      return !session.rows("SHOW DATABASES LIKE '" + database + "'").isEmpty();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private boolean takes(String password) {
    try {
      unit.session("app", password).close();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private final class Context extends UnitContext {
    Context() {
      super(unit);
    }

    @Override
    public Optional<Password> secret(String key) {
      return Optional.ofNullable(secret.get(key)).map(Password::of);
    }
  }
}
