package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.kube.Conditions;
import java.util.Optional;

/**
 * How far the runtime came with what a Plugin's spec wants. Pure.
 *
 * @param done whether it serves
 * @param refused whether it won't, as long as nobody changes something
 * @param told one sentence
 */
record PluginLook(boolean done, boolean refused, String told) {
  /** What the runtime tries again by itself. */
  private static final String RETRIED = "FetchFailed";

  static PluginLook at(Plugin plugin) {
    Optional<Condition> ready =
        Optional.ofNullable(plugin.getStatus())
            .filter(
                status -> plugin.getMetadata().getGeneration().equals(status.observedGeneration()))
            .flatMap(status -> Conditions.find(status.conditions(), "Ready"));
    if (ready.isEmpty()) {
      return new PluginLook(false, false, "the runtime has not looked at it yet");
    }
    boolean refused =
        Conditions.FALSE.equals(ready.get().getStatus())
            && !RETRIED.equals(ready.get().getReason());
    return new PluginLook(
        Conditions.TRUE.equals(ready.get().getStatus()), refused, ready.get().getMessage());
  }
}
