package io.upm.runtime.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.host.plugin.Containment;
import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginCall;
import io.upm.host.plugin.PluginDrainedException;
import io.upm.host.plugin.PluginFault;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginLoadException;
import io.upm.host.plugin.TckReport.Capability;
import io.upm.runtime.api.Names;
import io.upm.runtime.definition.Definitions;
import io.upm.runtime.definition.Narrowing;
import io.upm.spi.EnginePlugin;
import io.upm.spi.PluginException;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineSeries;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

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
   * @param definitions of the kinds that it brings
   * @param capabilities what it can do
   */
  public record Findings(
      String engine,
      List<EngineSeries> series,
      String requires,
      List<JsonNode> definitions,
      Set<Capability> capabilities) {
    public Findings {
      series = List.copyOf(series);
      definitions = List.copyOf(definitions);
      capabilities = Set.copyOf(capabilities);
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
    try (var host =
        new PluginHost(work, EnginePlugin.SPI_VERSION, Optional.of(Containment.SHARED))) {
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
      answer(
          plugin,
          "parameters",
          "the parameters of %s %s".formatted(descriptor.engine(), series.since()),
          one -> Objects.requireNonNull(one.parameters(series.since()), "it returned null"));
    }
    answer(
        plugin,
        "config",
        "what makes its configuration",
        one -> Objects.requireNonNull(one.config(), "it returned null"));
    List<JsonNode> definitions = definitions(plugin, archive);
    // What it manages is copied out of its own classes, which are let go of.
    List<String> kinds =
        answer(
            plugin,
            "topologies",
            "its topologies",
            one ->
                one.topologies(Clock::systemUTC).stream()
                    .map(manager -> manager.descriptor().plural() + "." + Names.GROUP)
                    .toList());
    for (String kind : kinds) {
      if (definitions.stream().noneMatch(one -> Narrowing.name(one).equals(kind))) {
        throw new Failure(
            "plugin %s manages %s and has no definition of it in crds/"
                .formatted(plugin.key(), kind),
            false);
      }
    }
    return new Findings(
        descriptor.engine(),
        descriptor.series(),
        archive.requires(),
        definitions,
        capabilities(plugin, !kinds.isEmpty()));
  }

  private static Set<Capability> capabilities(LoadedPlugin plugin, boolean topologies)
      throws Failure {
    var capabilities = EnumSet.of(Capability.CONFIG, Capability.LIFECYCLE);
    boolean actions =
        answer(plugin, "actions", "its actions", one -> !one.actions(new NoAgent()).isEmpty());
    if (actions) {
      capabilities.add(Capability.ACTIONS);
    }
    if (topologies) {
      capabilities.add(Capability.TOPOLOGY);
    }
    return capabilities;
  }

  private static <T> T answer(
      LoadedPlugin plugin, String operation, String what, PluginCall<T> call) throws Failure {
    try {
      return plugin.call(operation, call);
    } catch (PluginFault | PluginException | PluginDrainedException e) {
      throw new Failure(
          "plugin %s fails when it is asked for %s: %s"
              .formatted(plugin.key(), what, e.getMessage()),
          false);
    }
  }

  private static List<JsonNode> definitions(LoadedPlugin plugin, PluginArchive archive)
      throws Failure {
    var definitions = new ArrayList<JsonNode>();
    for (String yaml : archive.crds()) {
      try {
        definitions.add(Definitions.tree(Definitions.read(yaml)));
      } catch (IllegalArgumentException e) {
        throw new Failure(
            "plugin %s holds a file in crds/ that can't be used: %s"
                .formatted(plugin.key(), e.getMessage()),
            false);
      }
    }
    return definitions;
  }
}
