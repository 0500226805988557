package io.upm.spi.topology;

import java.util.Map;
import java.util.Objects;

/**
 * One change to one node, with the precondition that it was decided on. Data only, so that it can
 * be written down, compared and replayed.
 *
 * @param kind such as {@code follow} or {@code set-read-only}
 * @param node name of the node
 * @param arguments what it needs; no secrets
 * @param reason why, as one sentence for the event and the journal
 */
public record Step(String kind, String node, Map<String, String> arguments, String reason) {
  public Step {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(node, "node");
    arguments = Map.copyOf(arguments);
    Objects.requireNonNull(reason, "reason");
  }

  public String argument(String name) {
    String value = arguments.get(name);
    if (value == null) {
      throw new IllegalArgumentException("step " + kind + " lacks " + name);
    }
    return value;
  }
}
