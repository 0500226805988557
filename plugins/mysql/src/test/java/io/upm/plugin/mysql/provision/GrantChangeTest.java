package io.upm.plugin.mysql.provision;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.plugin.mysql.client.Sql;
import io.upm.plugin.mysql.provision.ApplyUser.Grant;
import io.upm.plugin.mysql.provision.ApplyUser.Wanted;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class GrantChangeTest {
  @Property(tries = 1000)
  void itsChangesMakeThePresentTheWanted(
      @ForAll("privileges") Map<String, Set<String>> present,
      @ForAll("privileges") Map<String, Set<String>> wanted) {
    var after = new TreeMap<String, Set<String>>();
    present.forEach((place, some) -> after.put(place, new TreeSet<>(some)));
    for (GrantChange change : GrantChange.between(present, wanted)) {
      assertThat(Collections.disjoint(change.granted(), change.revoked())).isTrue();
      Set<String> at = after.computeIfAbsent(change.pattern(), place -> new TreeSet<>());
      assertThat(at.containsAll(change.revoked())).isTrue();
      assertThat(Collections.disjoint(at, change.granted())).isTrue();
      at.addAll(change.granted());
      at.removeAll(change.revoked());
    }

    assertThat(without(after)).isEqualTo(without(wanted));
    assertThat(GrantChange.between(after, wanted)).isEmpty();
  }

  @Property(tries = 200)
  void whatIsAsItShouldBeIsLeftAlone(@ForAll("privileges") Map<String, Set<String>> present) {
    assertThat(GrantChange.between(present, present)).isEmpty();
  }

  @Test
  void readsWhatTheServerTells() {
    assertThat(
            GrantChange.present(
                List.of(
                    row("app", "SELECT", "NO"),
                    row("app", "INSERT", "NO"),
                    row("shop\\_eu", "USAGE", "YES"),
                    row("bad", "SELECT` ON *.* TO x", "NO"))))
        .isEqualTo(
            Map.of(
                "app", Set.of("SELECT", "INSERT"),
                "shop\\_eu", Set.of("GRANT OPTION"),
                "bad", Set.of()));
  }

  @Test
  void anUnderscoreIsNoWildcardAndAllIsEachByItself() {
    Wanted wanted =
        new Wanted(
            "app",
            "%",
            "app",
            List.of(
                new Grant("shop_eu", List.of(Privilege.SELECT)),
                new Grant("shop_eu", List.of(Privilege.CREATE_VIEW)),
                new Grant("all", List.of(Privilege.ALL, Privilege.SELECT))),
            null);

    assertThat(wanted.privileges(false).get("shop\\_eu")).containsExactly("CREATE VIEW", "SELECT");
    assertThat(wanted.privileges(true).get("shop_eu")).containsExactly("CREATE VIEW", "SELECT");
    assertThat(wanted.privileges(false).get("all"))
        .hasSize(Privilege.values().length - 1)
        .doesNotContain("ALL", "GRANT OPTION");
  }

  @Test
  void namesThatCouldBeMoreThanNamesAreNone() {
    for (String name : List.of("app", "shop_eu", "a-b", "1", "$x", "x".repeat(64), "mysqlx")) {
      assertThat(name).matches(Sql.DATABASE);
    }
    for (String name :
        List.of(
            "",
            "mysql",
            "MySQL",
            "sys",
            "Information_Schema",
            "a`b",
            "a.b",
            "a%",
            "a\\b",
            "x".repeat(65),
            "-a",
            "ä")) {
      assertThat(name).doesNotMatch(Sql.DATABASE);
    }
    assertThat("app.reader").matches(UserRules.USER);
    for (String name : List.of("mysql.sys", "MYSQL.session", "a'b", "a@b", "x".repeat(33), "")) {
      assertThat(name).doesNotMatch(UserRules.USER);
    }
    for (String host : List.of("%", "10.1.0.0/255.255.0.0", "fd00::%", "a-b.example.com")) {
      assertThat(host).matches(UserRules.HOST);
    }
    assertThat("a'b").doesNotMatch(UserRules.HOST);
  }

  @Provide
  Arbitrary<Map<String, Set<String>>> privileges() {
    return Arbitraries.maps(
            Arbitraries.of("app", "shop\\_eu", "shop_eu", "a%"),
            Arbitraries.of("SELECT", "INSERT", "CREATE VIEW", GrantChange.HANDING_ON)
                .set()
                .ofMaxSize(4))
        .ofMaxSize(4);
  }

  private static Map<String, Set<String>> without(Map<String, Set<String>> all) {
    var some = new TreeMap<>(all);
    some.values().removeIf(Set::isEmpty);
    return some;
  }

  private static Map<String, String> row(String place, String privilege, String handsOn) {
    return Map.of("place", place, "privilege", privilege, "hands_on", handsOn);
  }
}
