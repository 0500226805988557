package io.upm.agent.config;

import io.upm.agent.engine.EngineRun;
import io.upm.agent.plugin.ActivePlugin;
import io.upm.agent.state.DurableFile;
import io.upm.spi.PluginException;
import io.upm.spi.config.Impact;
import io.upm.spi.config.ParameterChange;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.LiveParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Brings what a configuration changes to the engine that runs, as far as that takes no restart.
 *
 * <p>Which configurations the running engine may have values of is noted before it is told, so that
 * whoever comes after a crash half-way knows what to change, or to change back. One thread only.
 */
public final class LiveConfig {
  private final Path directory;
  private final Path note;

  /**
   * What waits for the engine's next start.
   *
   * @param restart whether something does
   * @param parameters which do, if the plugin can tell
   */
  public record Pending(boolean restart, List<String> parameters) {
    public static final Pending NOTHING = new Pending(false, List.of());

    public Pending {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * @param directory where configurations are kept
   * @param note file of the run directory, which doesn't outlive the container, as the engine
   */
  public LiveConfig(Path directory, Path note) {
    this.directory = directory;
    this.note = note;
  }

  /** Digests of the configurations that a running engine may have values of. */
  public Set<String> digests(EngineRun run) throws IOException {
    if (Files.exists(note)) {
      List<String> lines = Files.readAllLines(note);
      if (lines.size() > 1 && lines.getFirst().equals(run.process().toString())) {
        return new LinkedHashSet<>(lines.subList(1, lines.size()));
      }
    }
    return Set.of(run.start().configDigest());
  }

  /**
   * Gives the engine the values of a staged configuration; does nothing when it has them.
   *
   * @throws PluginException of kind USER when the engine refuses them and has its former ones
   */
  public void bring(ActivePlugin plugin, Instance instance, EngineRun run, String digest)
      throws IOException {
    Set<String> before = digests(run);
    if (before.equals(Set.of(digest))) {
      return;
    }
    var between = new LinkedHashSet<>(before);
    between.add(digest);
    write(run, between);
    try {
      ask(
          plugin,
          "apply parameters",
          live -> {
            apply(live, instance, before, digest);
            return true;
          });
    } catch (PluginException e) {
      if (e.kind() == PluginException.Kind.USER) {
        write(run, before);
      }
      throw e;
    }
    write(run, Set.of(digest));
  }

  private void apply(LiveParameters live, Instance instance, Set<String> before, String digest) {
    var changes = new LinkedHashMap<String, ParameterChange>();
    for (String one : before) {
      live.changes(instance, path(one), path(digest)).stream()
          .filter(change -> change.impact() == Impact.DYNAMIC)
          .forEach(change -> changes.put(change.name(), change));
    }
    if (!changes.isEmpty()) {
      live.apply(instance, List.copyOf(changes.values()));
    }
  }

  /** What a configuration changes that the engine takes only at its next start. */
  public Pending pending(ActivePlugin plugin, Instance instance, EngineRun run, String digest) {
    String started = run.start().configDigest();
    if (started.equals(digest)) {
      return Pending.NOTHING;
    }
    if (!Files.isDirectory(path(started))) {
      return new Pending(true, List.of());
    }
    return ask(
            plugin,
            "compare configurations",
            live ->
                live.changes(instance, path(started), path(digest)).stream()
                    .filter(change -> change.impact() != Impact.DYNAMIC)
                    .map(ParameterChange::name)
                    .toList())
        .map(names -> new Pending(!names.isEmpty(), names))
        .orElse(new Pending(true, List.of()));
  }

  /** What the engine does beside a configuration, a sentence each. */
  public List<String> drift(ActivePlugin plugin, Instance instance, String digest) {
    return ask(plugin, "look for drift", live -> live.drift(instance, path(digest)))
        .orElse(List.of());
  }

  private static <T> Optional<T> ask(
      ActivePlugin plugin, String what, Function<LiveParameters, T> question) {
    return plugin.lifecycle().call(what, lifecycle -> lifecycle.live().map(question));
  }

  private void write(EngineRun run, Set<String> digests) throws IOException {
    var lines = new ArrayList<String>();
    lines.add(run.process().toString());
    lines.addAll(digests);
    DurableFile.write(note, String.join("\n", lines) + "\n");
  }

  private Path path(String digest) {
    return directory.resolve(digest);
  }
}
