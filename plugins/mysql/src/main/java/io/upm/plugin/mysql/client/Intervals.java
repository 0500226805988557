package io.upm.plugin.mysql.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Numbers as intervals in ascending order that neither overlap nor touch. */
record Intervals(List<Interval> list) {
  static final Intervals NONE = new Intervals(List.of());

  /** Both ends belong to it. */
  record Interval(long first, long last) {}

  Intervals {
    list = List.copyOf(list);
  }

  static Intervals of(List<Interval> unordered) {
    var sorted = new ArrayList<>(unordered);
    sorted.sort(Comparator.comparingLong(Interval::first));
    var merged = new ArrayList<Interval>();
    for (Interval next : sorted) {
      Interval before = merged.isEmpty() ? null : merged.getLast();
      if (before != null && next.first() - 1 <= before.last()) {
        merged.set(
            merged.size() - 1, new Interval(before.first(), Math.max(before.last(), next.last())));
      } else {
        merged.add(next);
      }
    }
    return new Intervals(merged);
  }

  boolean isEmpty() {
    return list.isEmpty();
  }

  Intervals plus(Intervals other) {
    var all = new ArrayList<>(list);
    all.addAll(other.list);
    return of(all);
  }

  Intervals minus(Intervals other) {
    var rest = new ArrayList<Interval>();
    int from = 0;
    for (Interval mine : list) {
      long first = mine.first();
      // Those that end before this one begins can't matter for a later one either.
      while (from < other.list.size() && other.list.get(from).last() < first) {
        from++;
      }
      for (int at = from;
          at < other.list.size() && other.list.get(at).first() <= mine.last();
          at++) {
        Interval hole = other.list.get(at);
        if (hole.first() > first) {
          rest.add(new Interval(first, hole.first() - 1));
        }
        first = hole.last() + 1;
        if (first <= hole.last()) {
          // The hole reached the largest number there is.
          return new Intervals(rest);
        }
      }
      if (first <= mine.last()) {
        rest.add(new Interval(first, mine.last()));
      }
    }
    return new Intervals(rest);
  }

  long count() {
    long sum = 0;
    for (Interval interval : list) {
      sum = GtidSet.saturated(sum, interval.last() - interval.first() + 1);
    }
    return sum;
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (Interval interval : list) {
      text.append(':').append(interval.first());
      if (interval.last() > interval.first()) {
        text.append('-').append(interval.last());
      }
    }
    return text.toString();
  }
}
