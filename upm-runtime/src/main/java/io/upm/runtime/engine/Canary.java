package io.upm.runtime.engine;

import io.upm.host.plugin.PluginKey;

/** A build that serves some UnitSets, so that it is seen whether it is fit to serve all. */
public record Canary(PluginKey key, CanaryRule rule) {}
