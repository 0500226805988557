package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.client.GtidSet;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Up to where a history is restored. Pure. */
sealed interface Until {
  /** All that was committed up to that time. */
  record Time(Instant instant) implements Until {
    @Override
    public String toString() {
      return instant.toString();
    }
  }

  /** Up to that transaction, which is the last one. */
  record Transaction(GtidSet gtid) implements Until {
    @Override
    public String toString() {
      return gtid.toString();
    }
  }

  /**
   * Reads it; empty when none is given.
   *
   * @throws io.upm.spi.PluginException of kind USER when it is neither
   */
  static Optional<Until> parse(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return Optional.empty();
    }
    return Optional.of(
        transaction(text.strip())
            .or(() -> time(text.strip()))
            .orElseThrow(() ->
                Place.wrong(
                    "until",
                    text,
                    "a time such as 2026-11-22T10:15:00Z, or one transaction such as"
                        + " 3e11fa47-71ca-11e1-9e33-c80aa9429562:23")));
  }

  private static Optional<Until> transaction(String text) {
    try {
      GtidSet gtid = GtidSet.parse(text);
      return gtid.count() == 1 ? Optional.of(new Transaction(gtid)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Until> time(String text) {
    try {
      return Optional.of(new Time(OffsetDateTime.parse(text).toInstant()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
