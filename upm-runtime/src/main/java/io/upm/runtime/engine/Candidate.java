package io.upm.runtime.engine;

import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginKey;
import io.upm.host.plugin.PluginPhase;
import java.util.Optional;

/**
 * A build that may serve.
 *
 * @param file name of its zip
 */
record Candidate(String file, PluginArchive archive) {
  PluginKey key() {
    return archive.key();
  }

  PluginState state(PluginPhase phase, String problem) {
    return new PluginState(file, Optional.of(key()), phase, problem);
  }
}
