package io.upm.agent.state;

import io.upm.host.document.InstanceDocument;
import io.upm.host.document.InstanceDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The agent's own directory on the data volume.
 *
 * @param data mount point of the data volume
 */
public record StateDirectory(Path data) {
  private static final String USUAL_NAME = "data";

  /**
   * The data volume of an instance. Which of the volumes that is, is known to the plugin, and the
   * plugin lies on it: without being told, the agent takes the one that an agent used before, the
   * one named {@code data}, or the only one.
   *
   * @throws IllegalArgumentException when that can't be told
   */
  public static StateDirectory of(InstanceDocument document) {
    Map<String, String> mounts = document.mounts();
    return mounts.values().stream()
        .map(mount -> new StateDirectory(Path.of(mount)))
        .filter(state -> Files.isDirectory(state.root()))
        .findFirst()
        .or(() ->
            Optional.ofNullable(mounts.get(USUAL_NAME))
                .or(() -> only(mounts))
                .map(Path::of)
                .map(StateDirectory::new))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "which of the volumes %s is for data? UPM_DATA_DIR tells"
                    .formatted(mounts.keySet())));
  }

  private static Optional<String> only(Map<String, String> mounts) {
    return mounts.size() == 1 ? mounts.values().stream().findFirst() : Optional.empty();
  }

  /** Makes the directory. */
  public void create() throws IOException {
    Files.createDirectories(root());
  }

  public Path root() {
    return data.resolve(InstanceDocuments.STATE_DIRECTORY);
  }

  /** Last instance document that was accepted. */
  public Path document() {
    return root().resolve("instance.json");
  }

  /** Plugins that are kept. */
  public Path plugins() {
    return root().resolve("plugins");
  }

  /** Plugins that are unpacked, by digest. */
  public Path expanded() {
    return root().resolve("expanded");
  }

  /** States of operations. */
  public Path operations() {
    return root().resolve("operations");
  }

  /** How far each log file was copied. */
  public Path logMarks() {
    return root().resolve("logs");
  }

  /** Passwords that the engine takes. */
  public Path accounts() {
    return root().resolve("accounts");
  }

  /** Configurations, each in a directory named after its digest. */
  public Path configs() {
    return root().resolve("config");
  }

  /** Link to the configuration in force. */
  public Path configInForce() {
    return data.resolve(InstanceDocuments.CONFIG_DIRECTORY);
  }
}
