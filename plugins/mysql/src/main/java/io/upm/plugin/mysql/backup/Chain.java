package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.client.GtidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A full backup, and the archived binary logs that lead on from it without a gap. Pure.
 *
 * @param full the backup
 * @param links what follows, each on the one before
 */
record Chain(Archived full, List<Archived> links) {
  Chain {
    links = List.copyOf(links);
  }

  /**
   * Finds it. A link follows when all that it goes on from is there and it lacks nothing that is:
   * so one of another history, such as of before a restore to an earlier point, never does.
   *
   * @param candidates in the order in which they are to be tried
   */
  static Chain of(Archived full, List<Archived> candidates) {
    var left = new ArrayList<>(candidates);
    left.removeIf(one -> !one.isLink());
    var links = new ArrayList<Archived>();
    GtidSet reached = full.gtids();
    for (int at = 0; at < left.size(); ) {
      Archived next = left.get(at);
      if (reached.contains(next.base()) && next.gtids().contains(reached)) {
        links.add(next);
        reached = next.gtids();
        left.remove(at);
        // One that was passed over may follow now.
        at = 0;
      } else {
        at++;
      }
    }
    return new Chain(full, links);
  }

  /** The last of all. */
  Archived tip() {
    return links.isEmpty() ? full : links.getLast();
  }

  /**
   * What is needed to get there; empty when it can't be reached.
   *
   * @param until the target
   */
  Optional<Route> to(Until until) {
    return switch (until) {
      case Until.Time(var time) -> {
        if (time.isBefore(full.until())) {
          yield Optional.empty();
        }
        for (int at = 0; at < links.size(); at++) {
          if (links.get(at).last().filter(time::isBefore).isPresent()) {
            yield Optional.of(cut(at));
          }
        }
        yield time.isAfter(tip().until())
            ? Optional.empty()
            : Optional.of(new Route(full, links, Optional.empty()));
      }
      case Until.Transaction(var gtid) -> {
        if (full.most().contains(gtid)) {
          yield Optional.empty();
        }
        for (int at = 0; at < links.size(); at++) {
          if (links.get(at).gtids().contains(gtid)) {
            yield Optional.of(cut(at));
          }
        }
        yield Optional.empty();
      }
    };
  }

  private Route cut(int at) {
    return new Route(full, links.subList(0, at), Optional.of(links.get(at)));
  }

  /**
   * The points that can be reached, as a sentence goes on.
   *
   * @param later full backups after this one
   */
  String points(List<Archived> later) {
    var points = new StringBuilder("a time from %s to %s".formatted(full.until(), tip().until()));
    GtidSet own = tip().gtids().minus(full.most());
    if (!own.isEmpty()) {
      points.append(", or a transaction of ").append(own);
    }
    later.stream()
        .filter(one -> one.until().isAfter(tip().until()))
        .findFirst()
        .ifPresent(one ->
            points.append(
                "; or, of the backup %s, from %s on".formatted(one.place(), one.until())));
    return points.toString();
  }

  /**
   * What is to be restored, in its order.
   *
   * @param full the backup
   * @param whole links that are needed as a whole
   * @param cut the last link, of which only the beginning may be wanted
   */
  record Route(Archived full, List<Archived> whole, Optional<Archived> cut) {
    Route {
      whole = List.copyOf(whole);
    }

    /** All links. */
    List<Archived> links() {
      var all = new ArrayList<>(whole);
      cut.ifPresent(all::add);
      return all;
    }

    /** What is there when the whole links are restored. */
    GtidSet beforeCut() {
      return (whole.isEmpty() ? full : whole.getLast()).gtids();
    }
  }
}
