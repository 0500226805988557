package io.upm.runtime.engine;

import io.upm.host.plugin.PluginKey;
import io.upm.host.plugin.PluginPhase;
import java.util.Optional;

/**
 * What became of one zip in the plugin directory.
 *
 * @param file its name
 * @param key which build it is; empty when it could not be read
 * @param phase how far it came
 * @param problem why it came no further, one sentence; empty when it serves
 */
public record PluginState(String file, Optional<PluginKey> key, PluginPhase phase, String problem) {
  public boolean serves() {
    return phase == PluginPhase.ACTIVE && problem.isEmpty();
  }
}
