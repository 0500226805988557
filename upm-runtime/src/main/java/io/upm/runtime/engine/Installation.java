package io.upm.runtime.engine;

import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a Plugin object puts in the place of the zips that came with the runtime.
 *
 * @param serving build that serves; empty while its zip isn't here, and then nothing does: another
 *     version is no stand-in for it
 * @param archives builds that are here, the one that serves included
 * @param images images by engine version or name of a series, before those of the installation
 * @param canary one of them that serves some UnitSets already; empty for none
 */
public record Installation(
    Optional<PluginKey> serving,
    List<PluginArchive> archives,
    Map<String, String> images,
    Optional<Canary> canary) {
  public Installation {
    archives = List.copyOf(archives);
    images = Map.copyOf(images);
  }

  List<PluginKey> keys() {
    return archives.stream().map(PluginArchive::key).toList();
  }
}
