package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.client.GtidSet;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** When the first and the last of some transactions were committed. Not thread-safe. */
final class Times implements Predicate<Committed> {
  private final GtidSet before;
  private @Nullable Instant first;
  private @Nullable Instant last;

  /**
   * @param before transactions that don't count
   */
  Times(GtidSet before) {
    this.before = before;
  }

  @Override
  public boolean test(Committed next) {
    if (!before.contains(GtidSet.parse(next.gtid()))) {
      if (first == null || next.time().isBefore(first)) {
        first = next.time();
      }
      if (last == null || next.time().isAfter(last)) {
        last = next.time();
      }
    }
    return true;
  }

  Optional<Instant> first() {
    return Optional.ofNullable(first);
  }

  Optional<Instant> last() {
    return Optional.ofNullable(last);
  }
}
