package io.upm.runtime.agent;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.Objects;

/**
 * An operation that an agent is to run.
 *
 * @param id an agent runs none twice
 * @param action as the plugin names it
 * @param parameters JSON object
 * @param secrets values by key; never printed
 * @param begun whether the agent is known to have begun it: it isn't begun again then
 */
public record OperationOrder(
    String id, String action, String parameters, Map<String, ByteString> secrets, boolean begun) {
  public OperationOrder {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(parameters, "parameters");
    secrets = Map.copyOf(secrets);
  }

  @Override
  public String toString() {
    return "%s (%s)".formatted(id, action);
  }
}
