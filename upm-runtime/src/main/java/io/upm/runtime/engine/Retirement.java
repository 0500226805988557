package io.upm.runtime.engine;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginKey;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which builds go when others serve: those that serve no longer, those that were tried on some sets
 * and no longer are, and those that nobody can ask for. One of the former that is asked for is
 * loaded again then. Pure.
 */
final class Retirement {
  private Retirement() {}

  static Set<LoadedPlugin> between(
      Collection<PluginEngine> before, Collection<PluginEngine> after) {
    Set<PluginKey> askable =
        after.stream()
            .flatMap(engine -> engine.siblings().archives().stream())
            .map(PluginArchive::key)
            .collect(Collectors.toSet());
    askable.removeAll(tried(before));
    askable.addAll(tried(after));
    Set<LoadedPlugin> serving =
        after.stream().map(PluginEngine::loaded).collect(Collectors.toSet());
    var going = new HashSet<LoadedPlugin>();
    for (PluginEngine engine : before) {
      going.add(engine.loaded());
      engine.siblings().loaded().stream()
          .filter(other -> !askable.contains(other.key()))
          .forEach(going::add);
    }
    going.removeAll(serving);
    return going;
  }

  private static Set<PluginKey> tried(Collection<PluginEngine> engines) {
    return engines.stream()
        .flatMap(engine -> engine.canary().stream())
        .map(Canary::key)
        .collect(Collectors.toSet());
  }
}
