package io.upm.agent.account;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which passwords the engine takes, by user, as the Secret had them: what is encrypted there is
 * encrypted here, too. In base64. Immutable.
 *
 * @param inForce the present ones, each proven
 * @param begun those that the engine was told to take and may take; empty when that has come to an
 *     end
 * @param former those before the present ones, as long as the engine takes them as well
 * @param sinceMillis when the present ones came into force, in milliseconds since the epoch
 */
record KnownPasswords(
    SortedMap<String, String> inForce,
    SortedMap<String, String> begun,
    SortedMap<String, String> former,
    long sinceMillis) {
  static final KnownPasswords NONE =
      new KnownPasswords(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), 0);

  private static final String IN_FORCE = "in-force";
  private static final String BEGUN = "begun";
  private static final String FORMER = "former";
  private static final String SINCE = "since";

  KnownPasswords {
    inForce = new TreeMap<>(inForce);
    begun = new TreeMap<>(begun);
    former = new TreeMap<>(former);
  }

  /** The engine is about to be told. Going back forgets nothing of what it was told before. */
  KnownPasswords beginning(SortedMap<String, String> wanted) {
    return wanted.equals(inForce) ? this : new KnownPasswords(inForce, wanted, former, sinceMillis);
  }

  /** The engine takes these now, and the ones before them for a while. */
  KnownPasswords changedTo(SortedMap<String, String> wanted, long nowMillis) {
    var before = new TreeMap<>(former);
    before.putAll(begun);
    before.putAll(differing(inForce, wanted));
    return new KnownPasswords(wanted, new TreeMap<>(), differing(before, wanted), nowMillis);
  }

  /** The engine takes the present ones only. */
  KnownPasswords settled() {
    return new KnownPasswords(inForce, begun, new TreeMap<>(), sinceMillis);
  }

  /** What it may take beside others, and not as the one that a change would retain. */
  SortedMap<String, String> second() {
    var second = new TreeMap<>(former);
    if (!begun.isEmpty()) {
      second.putAll(differing(inForce, begun));
    }
    return second;
  }

  /** Of users that both have, what the first says and the other doesn't. */
  private static SortedMap<String, String> differing(
      Map<String, String> these, Map<String, String> those) {
    var differing = new TreeMap<>(these);
    differing.keySet().retainAll(those.keySet());
    differing.entrySet().removeIf(entry -> entry.getValue().equals(those.get(entry.getKey())));
    return differing;
  }

  String text() {
    var text = new StringBuilder();
    lines(text, IN_FORCE, inForce);
    lines(text, BEGUN, begun);
    lines(text, FORMER, former);
    return text.append("%s %d -%n".formatted(SINCE, sinceMillis)).toString();
  }

  /** Neither keys of Secrets nor base64 hold a space. */
  private static void lines(StringBuilder text, String what, Map<String, String> values) {
    values.forEach((user, value) -> text.append("%s %s %s%n".formatted(what, user, value)));
  }

  /** Lines that aren't known, of a later version, are passed over. */
  static KnownPasswords parse(String text) {
    var found = new KnownPasswords(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), 0);
    long since = 0;
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 3);
      if (words.length == 3) {
        switch (words[0]) {
          case IN_FORCE -> found.inForce.put(words[1], words[2]);
          case BEGUN -> found.begun.put(words[1], words[2]);
          case FORMER -> found.former.put(words[1], words[2]);
          case SINCE -> since = Long.parseLong(words[1]);
          default -> {
            // Of a later version.
          }
        }
      }
    }
    return new KnownPasswords(found.inForce, found.begun, found.former, since);
  }

  /** Without what it holds. */
  @Override
  public String toString() {
    return "passwords of " + inForce.keySet();
  }
}
