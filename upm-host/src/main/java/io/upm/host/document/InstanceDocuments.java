package io.upm.host.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Limits;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.Layout;
import io.upm.spi.instance.Peer;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** Instance documents as JSON, and as the plugin sees them. */
public final class InstanceDocuments {
  /** Directory on the data volume that belongs to the agent. */
  public static final String STATE_DIRECTORY = ".upm";

  /** Directory on the data volume with the rendered configuration. */
  public static final String CONFIG_DIRECTORY = "conf";

  /** Only for those who write: an agent, which reads, does without data binding. */
  private static final class Writer {
    static final JsonMapper MAPPER =
        JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
  }

  private InstanceDocuments() {}

  /** The same document gives the same text. */
  public static String write(InstanceDocument document) {
    try {
      return Writer.MAPPER.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an instance document can always be written", e);
    }
  }

  /**
   * The document that a text holds.
   *
   * @throws IllegalArgumentException when the text is not an instance document
   */
  public static InstanceDocument read(String text) {
    return DocumentReader.read(text);
  }

  /**
   * The instance as a plugin sees it.
   *
   * @param dataVolume name of the engine's data volume
   * @param run directory for sockets and pid files
   */
  public static Instance toInstance(InstanceDocument document, String dataVolume, Path run) {
    Map<String, Path> volumes =
        document.mounts().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> Path.of(entry.getValue())));
    Path data = volumes.get(dataVolume);
    if (data == null) {
      throw new IllegalArgumentException(
          "the instance has no volume named \"%s\"".formatted(dataVolume));
    }
    var identity = document.identity();
    return new Instance(
        new Instance.Identity(
            identity.namespace(),
            identity.set(),
            identity.unit(),
            identity.ordinal(),
            identity.host()),
        EngineVersion.parse(document.version()),
        document.mode(),
        new Limits(document.limits().memoryBytes(), document.limits().cpuMillis()),
        new Layout(data, data.resolve(CONFIG_DIRECTORY), run, volumes),
        document.settings(),
        document.ports(),
        document.peers().stream()
            .map(peer -> new Peer(peer.unit(), peer.ordinal(), peer.host()))
            .toList());
  }
}
