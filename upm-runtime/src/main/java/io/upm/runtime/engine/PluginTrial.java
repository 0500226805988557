package io.upm.runtime.engine;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginDrainedException;
import io.upm.host.plugin.PluginFault;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginLoadException;
import io.upm.spi.EnginePlugin;
import io.upm.spi.PluginException;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineSeries;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Loads a build in a host of its own, asks it what every engine has to answer, and lets it go
 * again. What serves isn't touched, whatever comes of it.
 */
public final class PluginTrial {
  private static final Duration LAST_CALLS = Duration.ofSeconds(10);

  private final Path work;

  /**
   * @param work where zips are expanded; belongs to this object alone
   */
  public PluginTrial(Path work) {
    this.work = work;
  }

  /**
   * What a build said of itself.
   *
   * @param requires SPI versions that it works with
   */
  public record Findings(String engine, List<EngineSeries> series, String requires) {
    public Findings {
      series = List.copyOf(series);
    }
  }

  /** A build that must not serve. The message is one sentence that says why. */
  public static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean incompatible;

    Failure(String message, boolean incompatible) {
      super(message);
      this.incompatible = incompatible;
    }

    /** Whether it is made for another SPI, rather than broken. */
    public boolean incompatible() {
      return incompatible;
    }
  }

  /** Tries a build; one at a time. */
  public synchronized Findings run(PluginArchive archive) throws Failure, InterruptedException {
    try (var host = new PluginHost(work, EnginePlugin.SPI_VERSION)) {
      LoadedPlugin plugin = host.load(archive);
      try {
        return ask(plugin, archive);
      } finally {
        if (plugin.drain(LAST_CALLS)) {
          plugin.unload();
          host.prune();
        }
      }
    } catch (PluginLoadException e) {
      String why = String.valueOf(e.getMessage());
      throw new Failure(why, why.contains(" needs SPI "));
    }
  }

  private static Findings ask(LoadedPlugin plugin, PluginArchive archive) throws Failure {
    EngineDescriptor descriptor = plugin.descriptor();
    for (EngineSeries series : descriptor.series()) {
      try {
        plugin.run("parameters", one -> one.parameters(series.since()));
      } catch (PluginFault | PluginException | PluginDrainedException e) {
        throw new Failure(
            "plugin %s fails when it is asked for the parameters of %s %s: %s"
                .formatted(plugin.key(), descriptor.engine(), series.since(), e.getMessage()),
            false);
      }
    }
    return new Findings(descriptor.engine(), descriptor.series(), archive.requires());
  }
}
