package io.upm.agent.supervise;

import io.upm.agent.plugin.ActivePlugin;
import io.upm.host.document.InstanceDocument;
import io.upm.host.document.InstanceDocuments;
import io.upm.spi.PluginException;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.instance.Instance;
import java.nio.file.Path;

/**
 * What the engine is to be: a document, and the plugin that knows how.
 *
 * @param document the instance document
 * @param plugin the plugin in use
 * @param instance the instance as the plugin sees it
 */
public record Target(InstanceDocument document, ActivePlugin plugin, Instance instance) {
  /**
   * Brings both together.
   *
   * @param run directory for sockets and pid files
   * @throws PluginException of kind USER when they don't fit
   */
  public static Target of(InstanceDocument document, ActivePlugin plugin, Path run) {
    EngineDescriptor descriptor = plugin.plugin().descriptor();
    if (!descriptor.engine().equals(document.engine())) {
      throw PluginException.user(
          "plugin %s is for %s, the instance is %s"
              .formatted(plugin.key(), descriptor.engine(), document.engine()));
    }
    if (EngineVersion.tryParse(document.version()).filter(descriptor::serves).isEmpty()) {
      throw PluginException.user(
          "plugin %s does not serve version %s of %s"
              .formatted(plugin.key(), document.version(), document.engine()));
    }
    try {
      return new Target(
          document,
          plugin,
          InstanceDocuments.toInstance(document, descriptor.dataVolume().name(), run));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw PluginException.user("instance document: " + e.getMessage(), e);
    }
  }

  /** What a configuration depends on; another key means that it must be rendered again. */
  public Key key() {
    return new Key(document.revision(), plugin.key().digest());
  }

  /** Revision of the document and digest of the plugin. */
  public record Key(long revision, String plugin) {}
}
