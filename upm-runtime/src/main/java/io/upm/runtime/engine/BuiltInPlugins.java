package io.upm.runtime.engine;

import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginArchiveException;
import io.upm.host.plugin.PluginPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The zips that came with the runtime.
 *
 * @param byId those that can be read, by id of their plugin
 * @param refused what is wrong with the others
 */
record BuiltInPlugins(Map<String, List<Candidate>> byId, List<PluginState> refused) {
  static final BuiltInPlugins NONE = new BuiltInPlugins(Map.of(), List.of());

  /** Reads a directory; one that does not exist holds none. */
  static BuiltInPlugins read(Path directory) throws IOException {
    var candidates = new TreeMap<String, List<Candidate>>();
    var refused = new ArrayList<PluginState>();
    for (Path zip : zips(directory)) {
      String file = String.valueOf(zip.getFileName());
      try {
        var archive = PluginArchive.read(zip);
        candidates
            .computeIfAbsent(archive.key().id(), id -> new ArrayList<>())
            .add(new Candidate(file, archive));
      } catch (PluginArchiveException e) {
        refused.add(
            new PluginState(
                file, Optional.empty(), PluginPhase.RESOLVED, String.valueOf(e.getMessage())));
      }
    }
    return new BuiltInPlugins(candidates, refused);
  }

  List<Candidate> of(String id) {
    return byId.getOrDefault(id, List.of());
  }

  private static List<Path> zips(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".zip")).sorted().toList();
    }
  }
}
