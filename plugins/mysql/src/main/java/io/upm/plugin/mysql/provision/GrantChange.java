package io.upm.plugin.mysql.provision;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What is to change of a user's privileges at one place. Pure.
 *
 * @param pattern the place, as the server keeps it: a pattern of names of databases
 * @param granted privileges that are missing
 * @param revoked those that are too many
 */
record GrantChange(String pattern, Set<String> granted, Set<String> revoked) {
  /** What the server calls it that a user may hand on what they may. */
  static final String HANDING_ON = "GRANT OPTION";

  /** What the server calls it that a user may do nothing. */
  private static final String NONE = "USAGE";

  /** It stands in statements. */
  private static final Pattern WORD = Pattern.compile("[A-Z][A-Z _]*");

  GrantChange {
    granted = Set.copyOf(granted);
    revoked = Set.copyOf(revoked);
  }

  /**
   * The difference; empty when there is none.
   *
   * @param present privileges as the server calls them, by pattern
   * @param wanted the same, as they are to be
   */
  static List<GrantChange> between(
      Map<String, Set<String>> present, Map<String, Set<String>> wanted) {
    var patterns = new TreeSet<>(present.keySet());
    patterns.addAll(wanted.keySet());
    var changes = new ArrayList<GrantChange>();
    for (String pattern : patterns) {
      Set<String> has = present.getOrDefault(pattern, Set.of());
      Set<String> wish = wanted.getOrDefault(pattern, Set.of());
      var change = new GrantChange(pattern, without(wish, has), without(has, wish));
      if (!change.granted().isEmpty() || !change.revoked().isEmpty()) {
        changes.add(change);
      }
    }
    return changes;
  }

  /** What a user has, from the rows that the server tells. */
  static Map<String, Set<String>> present(List<Map<String, String>> rows) {
    var present = new TreeMap<String, Set<String>>();
    for (Map<String, String> row : rows) {
      Set<String> at =
          present.computeIfAbsent(row.getOrDefault("place", ""), place -> new TreeSet<>());
      String privilege = row.getOrDefault("privilege", "");
      if (!privilege.equals(NONE) && WORD.matcher(privilege).matches()) {
        at.add(privilege);
      }
      if (row.getOrDefault("hands_on", "NO").equals("YES")) {
        at.add(HANDING_ON);
      }
    }
    return present;
  }

  /** The pattern for one database alone: {@code _} would be any character in it. */
  static String pattern(String database) {
    return database.replace("_", "\\_");
  }

  /** In a stable order, for statements. */
  static String list(Set<String> privileges) {
    return String.join(", ", new TreeSet<>(privileges));
  }

  private static Set<String> without(Set<String> all, Set<String> some) {
    var rest = new TreeSet<>(all);
    rest.removeAll(some);
    return rest;
  }
}
