package io.upm.runtime.engine;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginArchiveException;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginKey;
import io.upm.host.plugin.PluginLoadException;
import io.upm.host.plugin.PluginPhase;
import io.upm.spi.EnginePlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.pf4j.DefaultVersionManager;
import org.pf4j.VersionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engines in a directory of plugin zips. Of each plugin the newest version that loads serves; a
 * zip that is refused stops no other, and is told about in {@link #states()}.
 */
public final class PluginDirectory implements EngineRegistry, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PluginDirectory.class);

  /** What readers see: always whole. */
  private record Snapshot(Map<String, PluginEngine> engines, List<PluginState> states) {}

  private record Candidate(String file, PluginArchive archive) {
    PluginState state(PluginPhase phase, String problem) {
      return new PluginState(file, Optional.of(archive.key()), phase, problem);
    }
  }

  private final Path directory;
  private final ImageOverrides images;
  private final PluginHost host;
  private final RetiredPlugins retired;
  private final VersionManager versions = new DefaultVersionManager();
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock scanning = new ReentrantLock();
  private volatile Snapshot snapshot = new Snapshot(Map.of(), List.of());

  /**
   * Loads what is in the directory.
   *
   * @param directory holds the zips; one that does not exist holds none
   * @param work where zips are expanded; belongs to this object alone
   */
  public PluginDirectory(Path directory, Path work, ImageOverrides images) {
    this.directory = directory;
    this.images = images;
    this.host = new PluginHost(work, EnginePlugin.SPI_VERSION);
    this.retired = new RetiredPlugins(host);
    rescan();
  }

  /**
   * Looks at the directory again: new plugins serve, missing ones are retired, and calls that are
   * inside those end in peace. When the directory can't be read, everything stays as it is.
   */
  public void rescan() {
    scanning.lock();
    Set<String> changed;
    try {
      Snapshot before = snapshot;
      Snapshot after = scan(before);
      snapshot = after;
      changed = changes(before, after);
      after.states().stream()
          .filter(state -> !state.problem().isEmpty())
          .filter(state -> !before.states().contains(state))
          .forEach(
              state -> LOG.warn("plugin {} does not serve: {}", state.file(), state.problem()));
      if (after.engines().isEmpty()) {
        LOG.warn("no plugin in {}: no engine can be served", directory);
      }
      retire(before, after);
    } catch (IOException e) {
      throw new UncheckedIOException("the plugin directory can't be read: " + directory, e);
    } finally {
      scanning.unlock();
    }
    changed.forEach(engine -> listeners.forEach(listener -> listener.accept(engine)));
  }

  /**
   * Those that serve no longer, and those that nobody can ask for. One that served and is asked for
   * is loaded again then.
   */
  private void retire(Snapshot before, Snapshot after) {
    Set<PluginKey> askable =
        after.engines().values().stream()
            .flatMap(engine -> engine.siblings().archives().stream())
            .map(PluginArchive::key)
            .collect(Collectors.toSet());
    for (PluginEngine engine : before.engines().values()) {
      boolean serves =
          after.engines().values().stream().anyMatch(one -> one.loaded() == engine.loaded());
      if (!serves) {
        retired.add(engine.loaded());
      }
      engine.siblings().loaded().stream()
          .filter(other -> !askable.contains(other.key()))
          .filter(
              other -> after.engines().values().stream().noneMatch(one -> one.loaded() == other))
          .forEach(retired::add);
    }
  }

  @Override
  public Optional<Engine> find(String type) {
    return Optional.ofNullable(snapshot.engines().get(type));
  }

  @Override
  public List<Engine> all() {
    return List.copyOf(snapshot.engines().values());
  }

  @Override
  public void onChange(Consumer<String> listener) {
    listeners.add(listener);
  }

  /** The engines with their plugins. */
  public List<PluginEngine> engines() {
    return List.copyOf(snapshot.engines().values());
  }

  /** What became of each zip, by file name. */
  public List<PluginState> states() {
    return snapshot.states();
  }

  /** Unloads every plugin; waits a little for calls that are inside. */
  @Override
  public void close() {
    snapshot = new Snapshot(Map.of(), List.of());
    retired.close();
    host.close();
  }

  private Snapshot scan(Snapshot before) throws IOException {
    var states = new ArrayList<PluginState>();
    var candidates = new TreeMap<String, List<Candidate>>();
    for (Path zip : zips()) {
      String file = String.valueOf(zip.getFileName());
      try {
        var archive = PluginArchive.read(zip);
        candidates
            .computeIfAbsent(archive.key().id(), id -> new ArrayList<>())
            .add(new Candidate(file, archive));
      } catch (PluginArchiveException e) {
        states.add(
            new PluginState(
                file, Optional.empty(), PluginPhase.RESOLVED, String.valueOf(e.getMessage())));
      }
    }
    var engines = new TreeMap<String, PluginEngine>();
    for (List<Candidate> ofOnePlugin : candidates.values()) {
      ofOnePlugin.sort(newestFirst());
      serveOne(ofOnePlugin, engines, before, states);
    }
    states.sort(Comparator.comparing(PluginState::file));
    return new Snapshot(Map.copyOf(engines), List.copyOf(states));
  }

  private void serveOne(
      List<Candidate> newestFirst,
      Map<String, PluginEngine> engines,
      Snapshot before,
      List<PluginState> states) {
    Optional<Candidate> serving = Optional.empty();
    for (int at = 0; at < newestFirst.size(); at++) {
      Candidate candidate = newestFirst.get(at);
      if (serving.isPresent()) {
        String newer = serving.get().archive().key().toString();
        states.add(candidate.state(PluginPhase.VERIFIED, newer + " serves instead"));
        continue;
      }
      var siblings =
          new PluginVersions(
              host,
              images,
              newestFirst.subList(at, newestFirst.size()).stream()
                  .map(Candidate::archive)
                  .toList());
      String problem = serve(candidate, siblings, engines, before);
      if (problem.isEmpty()) {
        serving = Optional.of(candidate);
        states.add(candidate.state(PluginPhase.ACTIVE, ""));
      } else {
        states.add(candidate.state(PluginPhase.VERIFIED, problem));
      }
    }
  }

  /** Loads one plugin and adds its engine; says what was in the way. */
  private String serve(
      Candidate candidate,
      PluginVersions siblings,
      Map<String, PluginEngine> engines,
      Snapshot before) {
    var archive = candidate.archive();
    LoadedPlugin loaded;
    try {
      loaded = host.load(archive);
    } catch (PluginLoadException e) {
      return String.valueOf(e.getMessage());
    }
    String name = loaded.descriptor().engine();
    PluginEngine other = engines.get(name);
    if (other != null) {
      retired.add(loaded);
      return "engine %s is served by plugin %s already".formatted(name, other.plugin());
    }
    PluginEngine known = before.engines().get(name);
    boolean same =
        known != null
            && known.loaded() == loaded
            && keys(known.siblings().archives()).equals(keys(siblings.archives()));
    engines.put(name, same ? known : new PluginEngine(archive, loaded, images, siblings));
    return "";
  }

  private static List<PluginKey> keys(List<PluginArchive> archives) {
    return archives.stream().map(PluginArchive::key).toList();
  }

  private List<Path> zips() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".zip")).sorted().toList();
    }
  }

  private Comparator<Candidate> newestFirst() {
    Comparator<Candidate> byVersion =
        (one, two) ->
            versions.compareVersions(one.archive().key().version(), two.archive().key().version());
    return byVersion.thenComparing(candidate -> candidate.archive().key().digest()).reversed();
  }

  private static Set<String> changes(Snapshot before, Snapshot after) {
    var names = new TreeSet<>(before.engines().keySet());
    names.addAll(after.engines().keySet());
    return names.stream()
        .filter(name -> before.engines().get(name) != after.engines().get(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
