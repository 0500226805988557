package io.upm.runtime.engine;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginLoadException;
import io.upm.host.plugin.PluginPhase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Versions of a plugin that are there; those that don't serve are loaded when they are asked for.
 */
final class PluginVersions {
  private static final Logger LOG = LoggerFactory.getLogger(PluginVersions.class);

  private final PluginHost host;
  private final ImageOverrides images;
  private final Breakers breakers;
  private final List<PluginArchive> archives;
  private final Map<String, Optional<PluginEngine>> asked = new ConcurrentHashMap<>();

  /**
   * Those versions.
   *
   * @param archives newest first
   */
  PluginVersions(
      PluginHost host, ImageOverrides images, Breakers breakers, List<PluginArchive> archives) {
    this.host = host;
    this.images = images;
    this.breakers = breakers;
    this.archives = List.copyOf(archives);
  }

  List<PluginArchive> archives() {
    return archives;
  }

  /** Newest first. */
  List<String> versions() {
    return archives.stream().map(archive -> archive.key().version()).distinct().toList();
  }

  /** Plugins that were loaded because somebody asked for them. */
  List<LoadedPlugin> loaded() {
    return asked.values().stream().flatMap(Optional::stream).map(PluginEngine::loaded).toList();
  }

  /** The engine as a version serves it; empty when it isn't there or can't be loaded. */
  Optional<PluginEngine> find(String engine, String version) {
    return archives.stream()
        .filter(archive -> archive.key().version().equals(version))
        .findFirst()
        .flatMap(archive ->
            asked.compute(
                version,
                (key, known) -> known != null && serves(known) ? known : load(engine, archive)));
  }

  /** What can't be loaded once can't be loaded later; what was retired meanwhile can. */
  private static boolean serves(Optional<PluginEngine> known) {
    return known.isEmpty() || known.get().loaded().phase() == PluginPhase.ACTIVE;
  }

  private Optional<PluginEngine> load(String engine, PluginArchive archive) {
    try {
      LoadedPlugin loaded = host.load(archive);
      return Optional.of(loaded)
          .filter(plugin -> plugin.descriptor().engine().equals(engine))
          .map(plugin ->
              new PluginEngine(
                  archive, plugin, images, this, breakers.of(plugin.key()), Optional.empty()));
    } catch (PluginLoadException e) {
      LOG.warn("plugin {} was asked for and can't be loaded: {}", archive.key(), e.getMessage());
      return Optional.empty();
    }
  }
}
