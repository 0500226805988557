package io.upm.runtime.plugin;

import io.upm.runtime.api.Plugin;
import io.upm.spi.Problem;
import java.util.Optional;

/** What may stand in a Plugin beyond what the CRD checks. Pure. */
final class PluginRules {
  private PluginRules() {}

  /** What is wrong; empty when the Plugin can be carried out. */
  static Optional<Problem> check(Plugin plugin) {
    try {
      PluginSource.of(plugin.getSpec().source(), plugin.getSpec().version());
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(
          new Problem("spec.source", plugin.getSpec().source(), String.valueOf(e.getMessage())));
    }
  }
}
