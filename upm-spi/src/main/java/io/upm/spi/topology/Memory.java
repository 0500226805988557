package io.upm.spi.topology;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a topology object remembers in its status between observations.
 *
 * @param epoch only grows; a promotion happens at a new one
 * @param source node that was last observed as the one taking writes; empty before there was any
 * @param intent what is under way
 * @param facts what else decide asked to remember
 */
public record Memory(
    long epoch, Optional<String> source, Optional<Intent> intent, Map<String, String> facts) {
  public static final Memory EMPTY = new Memory(0, Optional.empty(), Optional.empty(), Map.of());

  public Memory {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(intent, "intent");
    facts = Map.copyOf(facts);
  }

  public Memory withIntent(Intent value) {
    return new Memory(Math.max(epoch, value.epoch()), source, Optional.of(value), facts);
  }

  public Memory withoutIntent() {
    return new Memory(epoch, source, Optional.empty(), facts);
  }

  public Memory withSource(String name) {
    return new Memory(epoch, Optional.of(name), intent, facts);
  }
}
