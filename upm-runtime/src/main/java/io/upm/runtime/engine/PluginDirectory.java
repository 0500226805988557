package io.upm.runtime.engine;

import io.upm.host.plugin.Containment;
import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginKey;
import io.upm.host.plugin.PluginLoadException;
import io.upm.host.plugin.PluginPhase;
import io.upm.spi.EnginePlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engines of the plugins that came with the runtime, as zips in a directory, and of those that
 * Plugin objects install; {@link ServingRule} says which build serves. A zip that is refused stops
 * no other, and is told about in {@link #states()}.
 */
public final class PluginDirectory implements EngineRegistry, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PluginDirectory.class);
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  /** Garbage is collected several times in it. */
  private static final Duration RECLAIM = Duration.ofSeconds(60);

  /** What readers see: always whole. */
  private record Snapshot(Map<String, PluginEngine> engines, List<PluginState> states) {}

  private final Path directory;
  private final ImageOverrides images;
  private final PluginHost host;
  private final RetiredPlugins retired;
  private final Breakers breakers = new Breakers();
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock scanning = new ReentrantLock();
  private final Map<String, Installation> installed = new TreeMap<>();
  private BuiltInPlugins builtIn = BuiltInPlugins.NONE;
  private volatile Function<SetRef, Optional<Map<String, String>>> labels = set -> Optional.empty();
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
    this.host = new PluginHost(work, EnginePlugin.SPI_VERSION, Optional.of(Containment.SHARED));
    this.retired = new RetiredPlugins(host, TEMPORARY, RECLAIM);
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
      builtIn = BuiltInPlugins.read(directory);
      changed = apply();
      if (snapshot.engines().isEmpty()) {
        LOG.warn(
            "no plugin in {}: no engine is served unless \"upm plugin install\" brings one",
            directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the plugin directory can't be read: " + directory, e);
    } finally {
      scanning.unlock();
    }
    tell(changed);
  }

  /** Has a Plugin object's builds of a plugin serve; does nothing when they do. */
  public void install(String id, Installation installation) {
    replace(id, Optional.of(installation));
  }

  /** Has what came with the runtime serve again, if there is something. */
  public void uninstall(String id) {
    replace(id, Optional.empty());
  }

  private void replace(String id, Optional<Installation> next) {
    scanning.lock();
    Set<String> changed = Set.of();
    try {
      if (!sameBuilds(Optional.ofNullable(installed.get(id)), next)) {
        next.ifPresentOrElse(one -> installed.put(id, one), () -> installed.remove(id));
        changed = apply();
      }
    } finally {
      scanning.unlock();
    }
    tell(changed);
  }

  private static boolean sameBuilds(Optional<Installation> one, Optional<Installation> other) {
    return one.map(Installation::serving).equals(other.map(Installation::serving))
        && one.map(Installation::keys).equals(other.map(Installation::keys))
        && one.map(Installation::images).equals(other.map(Installation::images))
        && one.flatMap(Installation::canary).equals(other.flatMap(Installation::canary));
  }

  private void tell(Set<String> changed) {
    changed.forEach(engine -> listeners.forEach(listener -> listener.accept(engine)));
  }

  /** Lets the rule decide anew; returns the engines that are others now. */
  private Set<String> apply() {
    Snapshot before = snapshot;
    Snapshot after = decide(before);
    snapshot = after;
    after.states().stream()
        .filter(state -> !state.problem().isEmpty())
        .filter(state -> !before.states().contains(state))
        .forEach(state -> LOG.warn("plugin {} does not serve: {}", state.file(), state.problem()));
    Retirement.between(before.engines().values(), after.engines().values()).forEach(retired::add);
    return changes(before, after);
  }

  @Override
  public Optional<Engine> find(String type) {
    return Optional.ofNullable(snapshot.engines().get(type));
  }

  @Override
  public Optional<Engine> find(String type, String pluginVersion, SetRef set) {
    Optional<Engine> tried =
        pluginVersion.isEmpty() && tries(type, set)
            ? Optional.ofNullable(snapshot.engines().get(type))
                .flatMap(PluginEngine::tried)
                .map(e -> e)
            : Optional.empty();
    return tried.or(() -> find(type, pluginVersion));
  }

  /** Whether a new version of the plugin is tried on a set. */
  public boolean tries(String type, SetRef set) {
    return Optional.ofNullable(snapshot.engines().get(type))
        .flatMap(PluginEngine::canary)
        .filter(
            canary -> labels.apply(set).filter(own -> canary.rule().takes(set, own)).isPresent())
        .isPresent();
  }

  /**
   * Tells where the labels of UnitSets are known, of which some may be tried new versions on; empty
   * for a set that isn't there or names a version.
   */
  public void labelsOfSets(Function<SetRef, Optional<Map<String, String>>> source) {
    labels = source;
  }

  @Override
  public List<Engine> all() {
    return List.copyOf(snapshot.engines().values());
  }

  @Override
  public void onChange(Consumer<String> listener) {
    listeners.add(listener);
  }

  /** Calls the listener when a retired plugin came further on its way out of memory. */
  public void onRetirement(Consumer<PluginKey> listener) {
    retired.onChange(listener);
  }

  /** Calls the listener when what a plugin does that it should not may have changed. */
  public void onTrouble(Consumer<PluginKey> listener) {
    host.onTrouble(listener);
  }

  /** Calls the listener when calls of a build began to fail too often. */
  public void onTrip(Consumer<PluginKey> listener) {
    breakers.onTrip(listener);
  }

  /** How calls of a build end. */
  public Breaker breaker(PluginKey key) {
    return breakers.of(key);
  }

  /** The build of a plugin that came with the runtime and would serve without an object. */
  public Optional<PluginKey> builtIn(String id) {
    scanning.lock();
    try {
      return builtIn.of(id).stream().map(Candidate::key).min(ServingRule.NEWEST_FIRST);
    } finally {
      scanning.unlock();
    }
  }

  /** The engines with their plugins. */
  public List<PluginEngine> engines() {
    return List.copyOf(snapshot.engines().values());
  }

  /** What became of each zip, by file name. */
  public List<PluginState> states() {
    return snapshot.states();
  }

  /** A build as it is in memory; empty when it never was. */
  public Optional<LoadedPlugin> inMemory(PluginKey key) {
    return host.loaded().stream()
        .filter(plugin -> plugin.key().equals(key))
        .filter(plugin -> plugin.phase() == PluginPhase.ACTIVE)
        .findFirst()
        .or(() -> retired.last(key));
  }

  /** What holds a retired build in memory that should be gone; empty while that isn't known. */
  public Optional<String> holder(PluginKey key) {
    return retired.holder(key);
  }

  /** Unloads every plugin; waits a little for calls that are inside. */
  @Override
  public void close() {
    snapshot = new Snapshot(Map.of(), List.of());
    retired.close();
    host.close();
  }

  private Snapshot decide(Snapshot before) {
    var states = new ArrayList<>(builtIn.refused());
    var engines = new TreeMap<String, PluginEngine>();
    var ids = new TreeSet<>(builtIn.byId().keySet());
    ids.addAll(installed.keySet());
    for (String id : ids) {
      decideOne(id, engines, before, states);
    }
    states.sort(Comparator.comparing(PluginState::file));
    return new Snapshot(Map.copyOf(engines), List.copyOf(states));
  }

  private void decideOne(
      String id, Map<String, PluginEngine> engines, Snapshot before, List<PluginState> states) {
    Optional<Installation> named = Optional.ofNullable(installed.get(id));
    Map<PluginKey, Candidate> left = candidates(id, named);
    ServingRule.Order order =
        ServingRule.order(
            builtIn.of(id).stream().map(Candidate::key).toList(),
            named.map(one -> new ServingRule.Named(one.serving(), one.keys())));
    for (PluginKey key : order.serve()) {
      Candidate candidate = left.get(key);
      if (candidate == null) {
        continue;
      }
      List<PluginArchive> ask =
          order.ask().stream()
              .flatMap(one -> Optional.ofNullable(left.get(one)).stream())
              .map(Candidate::archive)
              .toList();
      left.remove(key);
      String problem = serve(new Serving(candidate, ask, named), engines, before);
      if (problem.isEmpty()) {
        states.add(candidate.state(PluginPhase.ACTIVE, ""));
        idle(id, left, key + " serves instead", states);
        return;
      }
      states.add(candidate.state(PluginPhase.VERIFIED, problem));
    }
    idle(id, left, "Plugin %s names another version, which isn't there".formatted(id), states);
  }

  /** Tells about zips of the directory; what an object installs is told about in its status. */
  private void idle(
      String id, Map<PluginKey, Candidate> left, String why, List<PluginState> states) {
    builtIn.of(id).stream()
        .filter(one -> left.containsKey(one.key()))
        .map(one -> one.state(PluginPhase.VERIFIED, why))
        .forEach(states::add);
  }

  /** All builds of a plugin that are here; of the same build the one that an object names. */
  private Map<PluginKey, Candidate> candidates(String id, Optional<Installation> named) {
    var candidates = new LinkedHashMap<PluginKey, Candidate>();
    builtIn.of(id).forEach(one -> candidates.put(one.key(), one));
    named.stream()
        .flatMap(one -> one.archives().stream())
        .forEach(archive ->
            candidates.put(
                archive.key(),
                new Candidate(String.valueOf(archive.path().getFileName()), archive)));
    return candidates;
  }

  /** A build that is to serve, and what else a Plugin object says. */
  private record Serving(
      Candidate candidate, List<PluginArchive> ask, Optional<Installation> named) {
    private Map<String, String> images() {
      return named.map(Installation::images).orElse(Map.of());
    }

    /** Only when its zip is here. */
    private Optional<Canary> canary() {
      return named
          .flatMap(Installation::canary)
          .filter(canary -> keys(ask).contains(canary.key()))
          .filter(canary -> !canary.key().equals(candidate.key()));
    }
  }

  /** Loads one plugin and adds its engine; says what was in the way. */
  private String serve(Serving wanted, Map<String, PluginEngine> engines, Snapshot before) {
    LoadedPlugin loaded;
    try {
      loaded = host.load(wanted.candidate().archive());
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
    ImageOverrides overrides = images.with(name, wanted.images());
    Optional<Canary> canary = wanted.canary();
    boolean same =
        known != null
            && known.loaded() == loaded
            && known.images().equals(overrides)
            && known.canary().equals(canary)
            && keys(known.siblings().archives()).equals(keys(wanted.ask()));
    if (!same) {
      giveAnotherChance(known, loaded.key(), canary);
      engines.put(
          name,
          new PluginEngine(
              wanted.candidate().archive(),
              loaded,
              overrides,
              new PluginVersions(host, overrides, breakers, wanted.ask()),
              breakers.of(loaded.key()),
              canary));
    } else {
      engines.put(name, known);
    }
    return "";
  }

  /** What builds did before they began to serve, or to be tried, is forgotten. */
  private void giveAnotherChance(
      @Nullable PluginEngine known, PluginKey serving, Optional<Canary> canary) {
    if (known == null || !known.plugin().equals(serving)) {
      breakers.of(serving).reset();
    }
    Optional<PluginKey> tried = canary.map(Canary::key);
    if (known == null || !known.canary().map(Canary::key).equals(tried)) {
      tried.map(breakers::of).ifPresent(Breaker::reset);
    }
  }

  private static List<PluginKey> keys(List<PluginArchive> archives) {
    return archives.stream().map(PluginArchive::key).toList();
  }

  private static Set<String> changes(Snapshot before, Snapshot after) {
    var names = new TreeSet<>(before.engines().keySet());
    names.addAll(after.engines().keySet());
    return names.stream()
        .filter(name -> before.engines().get(name) != after.engines().get(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
