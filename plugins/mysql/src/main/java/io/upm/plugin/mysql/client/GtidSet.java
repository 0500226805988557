package io.upm.plugin.mysql.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A set of transactions, each named by the server that first committed it, an optional tag (from
 * 8.3 on) and a number. Immutable. Written as the server writes it, such as {@code
 * 3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5:7:mytag:1-3}.
 */
public final class GtidSet {
  public static final GtidSet EMPTY = new GtidSet(new TreeMap<>());

  private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}");
  private static final Pattern TAG = Pattern.compile("[a-z_][a-z0-9_]{0,31}");
  private static final Pattern INTERVAL = Pattern.compile("(\\d{1,19})(?:-(\\d{1,19}))?");

  /** Server and tag; the tag is empty for transactions without one, which come first. */
  private record Origin(String uuid, String tag) implements Comparable<Origin> {
    private static final Comparator<Origin> ORDER =
        Comparator.comparing(Origin::uuid).thenComparing(Origin::tag);

    @Override
    public int compareTo(Origin other) {
      return ORDER.compare(this, other);
    }
  }

  private final SortedMap<Origin, Intervals> transactions;

  private GtidSet(SortedMap<Origin, Intervals> transactions) {
    this.transactions = transactions;
  }

  /**
   * @throws IllegalArgumentException when the text is not a GTID set
   */
  public static GtidSet parse(String text) {
    var found = new TreeMap<Origin, List<Intervals.Interval>>();
    for (String part : text.split(",", -1)) {
      String group = part.strip().toLowerCase(Locale.ROOT);
      if (!group.isEmpty()) {
        parseGroup(group, found);
      }
    }
    var transactions = new TreeMap<Origin, Intervals>();
    found.forEach((origin, intervals) -> transactions.put(origin, Intervals.of(intervals)));
    return new GtidSet(transactions);
  }

  private static void parseGroup(String group, Map<Origin, List<Intervals.Interval>> found) {
    String[] parts = group.split(":", -1);
    String uuid = parts[0].strip();
    if (!UUID.matcher(uuid).matches() || parts.length < 2) {
      throw new IllegalArgumentException("not a GTID set: " + group);
    }
    var origin = new Origin(uuid, "");
    for (int place = 1; place < parts.length; place++) {
      String part = parts[place].strip();
      if (TAG.matcher(part).matches()) {
        origin = new Origin(uuid, part);
      } else {
        found.computeIfAbsent(origin, key -> new ArrayList<>()).add(interval(part, group));
      }
    }
  }

  private static Intervals.Interval interval(String text, String group) {
    var matcher = INTERVAL.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a GTID set: " + group);
    }
    long first = Long.parseLong(matcher.group(1));
    long last = matcher.group(2) == null ? first : Long.parseLong(matcher.group(2));
    if (first < 1 || last < first) {
      throw new IllegalArgumentException("not a GTID set: " + group);
    }
    return new Intervals.Interval(first, last);
  }

  public boolean isEmpty() {
    return transactions.isEmpty();
  }

  /** Whether every transaction of the other set is in this one. */
  public boolean contains(GtidSet other) {
    return other.minus(this).isEmpty();
  }

  public GtidSet plus(GtidSet other) {
    var sum = new TreeMap<>(transactions);
    other.transactions.forEach((origin, more) -> sum.merge(origin, more, Intervals::plus));
    return new GtidSet(sum);
  }

  /** What is in this set and not in the other. */
  public GtidSet minus(GtidSet other) {
    var rest = new TreeMap<Origin, Intervals>();
    transactions.forEach((origin, intervals) -> {
      Intervals left = intervals.minus(other.transactions.getOrDefault(origin, Intervals.NONE));
      if (!left.isEmpty()) {
        rest.put(origin, left);
      }
    });
    return new GtidSet(rest);
  }

  /** Those that were first committed on other servers than the one of this {@code server_uuid}. */
  public GtidSet fromOthersThan(String uuid) {
    var rest = new TreeMap<>(transactions);
    rest.keySet().removeIf(origin -> origin.uuid().equals(uuid.toLowerCase(Locale.ROOT)));
    return new GtidSet(rest);
  }

  /** How many transactions; the largest {@code long} if there are more. */
  public long count() {
    long sum = 0;
    for (Intervals intervals : transactions.values()) {
      sum = saturated(sum, intervals.count());
    }
    return sum;
  }

  static long saturated(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GtidSet that && transactions.equals(that.transactions);
  }

  @Override
  public int hashCode() {
    return transactions.hashCode();
  }

  /** As the server writes it, without line breaks. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    String uuid = "";
    for (var entry : transactions.entrySet()) {
      Origin origin = entry.getKey();
      if (!origin.uuid().equals(uuid)) {
        uuid = origin.uuid();
        text.append(text.isEmpty() ? "" : ",").append(uuid);
      }
      text.append(origin.tag().isEmpty() ? "" : ":" + origin.tag());
      text.append(entry.getValue());
    }
    return text.toString();
  }
}
