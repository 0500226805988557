package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.client.GtidSet;
import java.util.function.Predicate;

/**
 * Finds where a restore ends, in the transactions of a file in their order: the first that was
 * committed after the wanted time ends it, or the wanted one, which is the last. Not thread-safe.
 */
final class Cut implements Predicate<Committed> {
  private final Until until;
  private final GtidSet before;
  private final Gtids wanted = new Gtids();
  private boolean ended;

  /**
   * @param before transactions that are there already
   */
  Cut(Until until, GtidSet before) {
    this.until = until;
    this.before = before;
  }

  @Override
  public boolean test(Committed next) {
    GtidSet gtid = GtidSet.parse(next.gtid());
    if (before.contains(gtid)) {
      return true;
    }
    switch (until) {
      case Until.Time(var time) -> ended = next.time().isAfter(time);
      case Until.Transaction(var last) -> ended = last.equals(gtid);
    }
    if (!ended || until instanceof Until.Transaction) {
      wanted.add(next.gtid());
    }
    return !ended;
  }

  /** Those of the file that belong to it and are not there yet. */
  GtidSet wanted() {
    return wanted.set();
  }

  /** Whether what follows doesn't belong to it. */
  boolean ended() {
    return ended;
  }
}
