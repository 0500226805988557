package io.upm.spi.topology;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * Something that takes several steps, written to status before the first of them. Each next step
 * follows from it and from a fresh observation, so a runtime killed anywhere goes on or rolls back.
 *
 * @param kind such as {@code switchover}
 * @param target name of the node it is about
 * @param epoch epoch that it works at
 * @param began when it was written
 * @param deadline when it is abandoned and writes are restored
 * @param notes what was learned on the way, such as the GTID set of the stopped source; no secrets
 */
public record Intent(
    String kind,
    String target,
    long epoch,
    Instant began,
    Instant deadline,
    Map<String, String> notes) {
  public Intent {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(began, "began");
    Objects.requireNonNull(deadline, "deadline");
    notes = Map.copyOf(notes);
  }
}
