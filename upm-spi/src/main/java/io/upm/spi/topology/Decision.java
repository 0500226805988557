package io.upm.spi.topology;

import java.time.Instant;
import java.util.Objects;

/** What to do next: at most one thing. */
public sealed interface Decision {
  /** Nothing: what is observed is what is wanted. */
  record Nothing() implements Decision {}

  /** Do this step, then observe again. */
  record Perform(Step step) implements Decision {
    public Perform {
      Objects.requireNonNull(step, "step");
    }
  }

  /** Remember this, then observe again. Intents are begun and ended this way, and epochs raised. */
  record Remember(Memory memory, String reason) implements Decision {
    public Remember {
      Objects.requireNonNull(memory, "memory");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * Wait.
   *
   * @param predicate what is awaited
   * @param until when the waiting ends and something else is decided
   * @param unblock what the user can do
   */
  record WaitFor(String predicate, Instant until, String unblock) implements Decision {
    public WaitFor {
      Objects.requireNonNull(predicate, "predicate");
      Objects.requireNonNull(until, "until");
      Objects.requireNonNull(unblock, "unblock");
    }
  }
}
