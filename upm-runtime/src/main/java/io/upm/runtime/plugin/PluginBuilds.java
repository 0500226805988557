package io.upm.runtime.plugin;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.host.plugin.PluginArchive;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.PluginPackageSpec.SignaturePolicy;
import io.upm.runtime.engine.PluginTrial;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Builds of a plugin that is installed, read from where its object says, for who wants to look at
 * them before they serve.
 */
public final class PluginBuilds {
  private final Staging staging;

  public PluginBuilds(KubernetesClient client, PluginSettings settings) {
    var signatures = new Signatures(settings.trust().keys());
    staging =
        new Staging(
            new PluginCache(settings.cache(), InstantSource.system()),
            new SourceFetcher(
                settings.trust(), new PullSecrets(client, settings.namespace())::ofWish),
            signatures,
            new PluginTrial(settings.work()),
            new TckRule(settings.trust().tckPolicy(), signatures));
  }

  /**
   * The build that serves; empty when none does.
   *
   * @throws IOException when it can't be had; the message says why
   */
  public Optional<PluginArchive> serving(Plugin plugin) throws IOException, InterruptedException {
    Optional<Wish> wish = new Wishes(SignaturePolicy.NONE).serving(plugin);
    return wish.isPresent() ? Optional.of(read(wish.get())) : Optional.empty();
  }

  /**
   * A version as the object would get it: fetched, checked and tried.
   *
   * @throws IOException when it can't be had, or would be refused; the message says why
   */
  public PluginArchive version(Plugin plugin, String version)
      throws IOException, InterruptedException {
    PluginPackageSpec spec = plugin.getSpec();
    var wanting = new Plugin();
    wanting.setMetadata(plugin.getMetadata());
    wanting.setStatus(plugin.getStatus());
    wanting.setSpec(
        new PluginPackageSpec(
            spec.source(),
            version,
            null,
            spec.signaturePolicy(),
            spec.pullSecret(),
            spec.images(),
            null));
    return read(new Wishes(SignaturePolicy.NONE).wanted(wanting));
  }

  private PluginArchive read(Wish wish) throws IOException, InterruptedException {
    try {
      return staging.run(wish, (bytes, of) -> {}).archive();
    } catch (Refusal e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }
}
