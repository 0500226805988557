package io.upm.runtime.plugin;

import io.upm.host.plugin.PluginArchive;
import io.upm.runtime.engine.PluginTrial.Findings;
import java.util.Optional;

/**
 * A build that is in the cache and in order.
 *
 * @param findings what it said of itself; empty for one that wasn't tried again
 * @param signedBy name of the key that its signature is of; empty for one without signature
 */
record Staged(PluginArchive archive, Optional<Findings> findings, Optional<String> signedBy) {}
