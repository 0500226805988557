package io.upm.agent.hostile;

import java.util.List;

/**
 * One call that is not as it should be.
 *
 * @param number tells it apart from the others of the same seed
 * @param method as in the path of the request
 * @param messages bytes of each, whatever they are
 * @param ending how the caller leaves it
 */
record Attempt(int number, String method, List<byte[]> messages, Ending ending) {
  /** How a caller ends its half of a call. */
  enum Ending {
    /** In order. */
    CLOSED,
    /** Gone right after the last message. */
    DROPPED,
    /** Gone when the first answer comes, or soon without one. */
    LEFT_OPEN
  }

  /** As they are sent, about. */
  int bytes() {
    return messages.stream().mapToInt(message -> 5 + message.length).sum();
  }

  @Override
  public String toString() {
    return "%d: %s, %d messages of %s bytes, %s"
        .formatted(
            number,
            method,
            messages.size(),
            messages.stream().map(message -> message.length).toList(),
            ending);
  }
}
