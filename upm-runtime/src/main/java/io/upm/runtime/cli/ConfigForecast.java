package io.upm.runtime.cli;

import io.upm.host.document.InstanceDocument;
import io.upm.host.document.InstanceDocuments;
import io.upm.runtime.engine.Engine;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How the configuration of an instance changes with its document. Pure. */
final class ConfigForecast {
  /** Where the agent renders them; the same for all. */
  private static final Path RUN = Path.of("/run/upm");

  private final Engine former;
  private final Engine engine;
  private final PlanWorld.Renderer renderer;

  /**
   * @param former as the engine is served now
   */
  ConfigForecast(Engine former, Engine engine, PlanWorld.Renderer renderer) {
    this.former = former;
    this.engine = engine;
    this.renderer = renderer;
  }

  /** Changed lines by file. */
  Map<String, List<String>> changes(String before, String after) {
    Map<String, ConfigFile> old = files(former, before);
    Map<String, ConfigFile> fresh = files(engine, after);
    var changes = new LinkedHashMap<String, List<String>>();
    var redaction = new Redaction(List.of());
    fresh.forEach((path, file) -> {
      ConfigFile former = old.get(path);
      String was = former == null ? "" : former.content();
      if (!was.equals(file.content())) {
        changes.put(
            path,
            file.secret()
                ? List.of("+ (hidden)")
                : LineChanges.between(was, file.content()).stream().map(redaction::text).toList());
      }
    });
    old.keySet().stream()
        .filter(path -> !fresh.containsKey(path))
        .forEach(path -> changes.put(path, List.of("- (the whole file)")));
    return changes;
  }

  private Map<String, ConfigFile> files(Engine engine, String text) {
    InstanceDocument document = InstanceDocuments.read(text);
    var input =
        new ConfigInput(
            InstanceDocuments.toInstance(document, engine.descriptor().dataVolume().name(), RUN),
            document.parameters());
    return renderer.render(engine, input).stream()
        .collect(
            Collectors.toMap(
                ConfigFile::path, file -> file, (one, other) -> one, LinkedHashMap::new));
  }
}
