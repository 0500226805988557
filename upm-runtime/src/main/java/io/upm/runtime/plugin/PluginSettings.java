package io.upm.runtime.plugin;

import java.nio.file.Path;

/**
 * How an installation gets its plugins.
 *
 * @param namespace of the runtime, where pull secrets are
 * @param cache where zips are kept
 * @param work where new builds are tried
 * @param trust who is trusted
 */
public record PluginSettings(String namespace, Path cache, Path work, PluginTrust trust) {}
