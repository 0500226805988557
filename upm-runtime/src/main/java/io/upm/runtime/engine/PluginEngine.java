package io.upm.runtime.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginFault;
import io.upm.host.plugin.PluginKey;
import io.upm.spi.EnginePlugin;
import io.upm.spi.PluginException;
import io.upm.spi.Problem;
import io.upm.spi.action.AgentAction;
import io.upm.spi.action.ProvisionDescriptor.Subject;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineVersion;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An engine and the loaded plugin that serves it. */
public final class PluginEngine implements Engine {
  private final PluginArchive archive;
  private final LoadedPlugin loaded;
  private final ImageOverrides images;
  private final PluginVersions siblings;
  private final Breaker breaker;
  private final Optional<Canary> canary;
  private final LongAdder faults = new LongAdder();

  PluginEngine(
      PluginArchive archive,
      LoadedPlugin loaded,
      ImageOverrides images,
      PluginVersions siblings,
      Breaker breaker,
      Optional<Canary> canary) {
    this.archive = archive;
    this.loaded = loaded;
    this.images = images;
    this.siblings = siblings;
    this.breaker = breaker;
    this.canary = canary;
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
    return counted(
        "parameters", () -> loaded.call("parameters", plugin -> plugin.parameters(version)));
  }

  @Override
  public List<Problem> checkConfig(ConfigInput input) {
    return counted(
        "check", () -> loaded.call("check", plugin -> List.copyOf(plugin.config().check(input))));
  }

  @Override
  public List<Problem> checkAction(String action, JsonNode parameters) {
    return counted(
        "actions", () -> loaded.call("actions", plugin -> checkAction(plugin, action, parameters)));
  }

  private List<Problem> checkAction(EnginePlugin plugin, String action, JsonNode parameters) {
    var descriptors = plugin.actions(new NoAgent()).stream().map(AgentAction::descriptor).toList();
    return descriptors.stream()
        .filter(one -> one.name().equals(action))
        .findFirst()
        .map(one -> loaded.codec().read(one.parameters(), parameters, "spec.parameters").problems())
        .orElseGet(() ->
            List.of(
                new Problem(
                    "spec.action",
                    action,
                    descriptors.isEmpty()
                        ? "%s has no actions".formatted(descriptor().engine())
                        : "one of "
                            + descriptors.stream()
                                .map(one -> one.name())
                                .sorted()
                                .collect(Collectors.joining(", ")))));
  }

  @Override
  public Map<String, BackupRemoval> backups() {
    return counted("actions", () -> loaded.call("actions", PluginEngine::backups));
  }

  private static Map<String, BackupRemoval> backups(EnginePlugin plugin) {
    List<AgentAction<?>> actions = plugin.actions(new NoAgent());
    var removals = new TreeMap<String, BackupRemoval>();
    for (AgentAction<?> action : actions) {
      action
          .backup()
          .flatMap(backup ->
              actions.stream()
                  .filter(other -> other.descriptor().name().equals(backup.discard()))
                  .findFirst())
          .ifPresent(discard -> removals.put(action.descriptor().name(), removal(discard)));
    }
    return removals;
  }

  @Override
  public Map<String, Set<String>> restorers() {
    return counted("actions", () -> loaded.call("actions", PluginEngine::restorers));
  }

  private static Map<String, Set<String>> restorers(EnginePlugin plugin) {
    return plugin.actions(new NoAgent()).stream()
        .filter(AgentAction::restores)
        .collect(
            Collectors.toMap(
                action -> action.descriptor().name(),
                PluginEngine::parameterNames,
                (one, other) -> one,
                TreeMap::new));
  }

  private static BackupRemoval removal(AgentAction<?> discard) {
    return new BackupRemoval(discard.descriptor().name(), parameterNames(discard));
  }

  @Override
  public Map<String, DataCheck> checks() {
    return counted("actions", () -> loaded.call("actions", PluginEngine::checks));
  }

  private static Map<String, DataCheck> checks(EnginePlugin plugin) {
    var checks = new TreeMap<String, DataCheck>();
    for (AgentAction<?> action : plugin.actions(new NoAgent())) {
      var check = new DataCheck(action.descriptor().name(), parameterNames(action));
      action.check().ifPresent(one -> one.backups().forEach(backup -> checks.put(backup, check)));
    }
    return checks;
  }

  private static Set<String> parameterNames(AgentAction<?> action) {
    return Stream.of(action.descriptor().parameters().getRecordComponents())
        .map(RecordComponent::getName)
        .collect(Collectors.toSet());
  }

  @Override
  public Map<Subject, Provision> provisions() {
    return counted("actions", () -> loaded.call("actions", PluginEngine::provisions));
  }

  private static Map<Subject, Provision> provisions(EnginePlugin plugin) {
    var provisions = new EnumMap<Subject, Provision>(Subject.class);
    for (AgentAction<?> action : plugin.actions(new NoAgent())) {
      action
          .provision()
          .ifPresent(one ->
              provisions.put(one.subject(), new Provision(action.descriptor().name(), one.drop())));
    }
    return provisions;
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

  Optional<Canary> canary() {
    return canary;
  }

  /** The engine as the build serves it that is tried on some UnitSets; empty while none is. */
  public Optional<PluginEngine> tried() {
    return canary.flatMap(one -> siblings.find(descriptor().engine(), one.key().version()));
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

  /** Notes a call that failed outside of {@link #counted}. */
  public void failed(String operation, PluginFault fault) {
    faults.increment();
    breaker.failed(operation, String.valueOf(fault.getMessage()));
  }

  /** Notes how a call ends, for the plugin's metric and its breaker. */
  public <T> T counted(String operation, Supplier<T> call) {
    try {
      T result = call.get();
      breaker.returned(operation);
      return result;
    } catch (PluginFault fault) {
      failed(operation, fault);
      throw fault;
    } catch (PluginException e) {
      if (e.kind() == PluginException.Kind.INTERNAL) {
        breaker.failed(operation, String.valueOf(e.getMessage()));
      } else {
        breaker.returned(operation);
      }
      throw e;
    }
  }
}
