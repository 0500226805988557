package io.upm.runtime.engine;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginFault;
import io.upm.host.plugin.PluginKey;
import io.upm.spi.Problem;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** An engine and the loaded plugin that serves it. */
public final class PluginEngine implements Engine {
  private final PluginArchive archive;
  private final LoadedPlugin loaded;
  private final ImageOverrides images;
  private final PluginVersions siblings;
  private final LongAdder faults = new LongAdder();

  PluginEngine(
      PluginArchive archive, LoadedPlugin loaded, ImageOverrides images, PluginVersions siblings) {
    this.archive = archive;
    this.loaded = loaded;
    this.images = images;
    this.siblings = siblings;
  }

  @Override
  public PluginKey plugin() {
    return loaded.key();
  }

  @Override
  public List<String> versions() {
    return siblings.versions();
  }

  @Override
  public Optional<Engine> inVersion(String pluginVersion) {
    return pluginVersion.equals(plugin().version())
        ? Optional.of(this)
        : siblings.find(descriptor().engine(), pluginVersion).map(engine -> engine);
  }

  @Override
  public Path archive() {
    return archive.path();
  }

  @Override
  public EngineDescriptor descriptor() {
    return loaded.descriptor();
  }

  @Override
  public ParameterCatalog parameters(EngineVersion version) {
    return countFaults(() -> loaded.call("parameters", plugin -> plugin.parameters(version)));
  }

  @Override
  public List<Problem> checkConfig(ConfigInput input) {
    return countFaults(
        () -> loaded.call("check", plugin -> List.copyOf(plugin.config().check(input))));
  }

  @Override
  public String image(EngineVersion version) {
    return images
        .find(descriptor(), version)
        .or(() -> descriptor().seriesOf(version).map(series -> series.imageOf(version)))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "%s %s is not served by plugin %s"
                    .formatted(descriptor().engine(), version, plugin())));
  }

  /** Way into the plugin for other parts of the runtime. */
  public LoadedPlugin loaded() {
    return loaded;
  }

  ImageOverrides images() {
    return images;
  }

  PluginVersions siblings() {
    return siblings;
  }

  /** The resource kinds that the plugin brings, as YAML. */
  public List<String> crds() {
    return archive.crds();
  }

  /** Faults since the plugin was loaded. */
  public long faults() {
    return faults.sum();
  }

  /** Counts a fault that was not in a call of {@link #countFaults}. */
  public void fault() {
    faults.increment();
  }

  /** Counts a fault that leaves a call, for the plugin's metric. */
  public <T> T countFaults(Supplier<T> call) {
    try {
      return call.get();
    } catch (PluginFault fault) {
      faults.increment();
      throw fault;
    }
  }
}
