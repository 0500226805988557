package io.upm.runtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the runtime measures of itself. No series per object, so that their number is bounded; but
 * for schedules of backups, each of which somebody wants to be told of.
 */
public final class RuntimeMetrics {
  private final MeterRegistry registry;
  private final MultiGauge units;
  private final MultiGauge sets;
  private final MultiGauge agents;
  private final MultiGauge plugins;
  private final MultiGauge versions;
  private final MultiGauge successes;
  private final MultiGauge dues;
  private final Map<String, Map<String, Long>> phases = new ConcurrentHashMap<>();

  public RuntimeMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.units = MultiGauge.builder("upm_units").description("Units by phase").register(registry);
    this.sets =
        MultiGauge.builder("upm_unitsets").description("UnitSets, ready or not").register(registry);
    this.agents =
        MultiGauge.builder("upm_agents")
            .description("Agents that this process talks to: heard (connected), or not (silent)")
            .register(registry);
    this.plugins =
        // Not "..._info": the Prometheus client keeps that suffix for itself and cuts it off.
        MultiGauge.builder("upm_plugin_active")
            .description("Plugins in use; always 1")
            .register(registry);
    this.versions =
        MultiGauge.builder("upm_plugin_versions")
            .description("Versions of installed plugins by phase")
            .register(registry);
    this.successes =
        MultiGauge.builder("upm_backup_last_success_timestamp_seconds")
            .description("When a backup of a schedule succeeded last")
            .register(registry);
    this.dues =
        MultiGauge.builder("upm_backup_due_timestamp_seconds")
            .description("When the first backup after the last one that succeeded is due")
            .register(registry);
  }

  /**
   * How a schedule of backups goes.
   *
   * @param lastSuccess when a backup succeeded last; empty for never
   * @param due when the first one after that was due, or is; empty while none is wanted
   */
  public record BackupAge(
      String namespace, String schedule, Optional<Instant> lastSuccess, Optional<Instant> due) {}

  /** Replaces what is told of schedules. */
  public void backups(List<BackupAge> ages) {
    successes.register(rows(ages, BackupAge::lastSuccess), true);
    dues.register(rows(ages, BackupAge::due), true);
  }

  /** Their labels aren't called "namespace": Prometheus would take that for the runtime's own. */
  private static List<MultiGauge.Row<?>> rows(
      List<BackupAge> ages, Function<BackupAge, Optional<Instant>> time) {
    return ages.stream()
        .<MultiGauge.Row<?>>flatMap(age ->
            time
                .apply(age)
                .map(at ->
                    MultiGauge.Row.of(
                        Tags.of("schedule_namespace", age.namespace(), "schedule", age.schedule()),
                        at.getEpochSecond()))
                .stream())
        .toList();
  }

  /** Measures one reconciliation. */
  public <T> T reconciliation(String kind, Supplier<T> work) {
    long began = System.nanoTime();
    String outcome = "error";
    try {
      T result = work.get();
      outcome = "done";
      return result;
    } finally {
      Timer.builder("upm_reconcile")
          .description("Reconciliations")
          .tag("kind", kind)
          .tag("outcome", outcome)
          .publishPercentileHistogram(false)
          .register(registry)
          .record(Duration.ofNanos(System.nanoTime() - began));
    }
  }

  /** Replaces the numbers of Units by phase. */
  public void units(Map<String, Long> byPhase) {
    units.register(
        byPhase.entrySet().stream()
            .map(entry -> MultiGauge.Row.of(Tags.of("phase", entry.getKey()), entry.getValue()))
            .toList(),
        true);
  }

  /** Replaces the numbers of UnitSets by whether they are Ready. */
  public void unitSets(Map<Boolean, Long> byReadiness) {
    sets.register(
        byReadiness.entrySet().stream()
            .map(entry ->
                MultiGauge.Row.of(
                    Tags.of("ready", String.valueOf(entry.getKey())), entry.getValue()))
            .toList(),
        true);
  }

  /** Replaces the numbers of agents by whether they are heard. */
  public void agents(Map<String, Long> byState) {
    agents.register(
        byState.entrySet().stream()
            .map(entry -> MultiGauge.Row.of(Tags.of("state", entry.getKey()), entry.getValue()))
            .toList(),
        true);
  }

  /** Measures whether this process leads. */
  public void leader(BooleanSupplier leads) {
    Gauge.builder("upm_leader", () -> leads.getAsBoolean() ? 1 : 0)
        .description("Whether this process leads")
        .register(registry);
  }

  /** Measures when a certificate expires. */
  public void certificate(String name, Supplier<Instant> expiry) {
    Gauge.builder("upm_certificate_expiry_timestamp_seconds", () -> expiry.get().getEpochSecond())
        .description("When a certificate expires")
        .tag("certificate", name)
        .register(registry);
  }

  /**
   * Replaces the plugins in use.
   *
   * @param versions version by plugin id
   */
  public void plugins(Map<String, String> versions) {
    plugins.register(
        versions.entrySet().stream()
            .map(entry ->
                MultiGauge.Row.of(Tags.of("id", entry.getKey(), "version", entry.getValue()), 1))
            .toList(),
        true);
  }

  /** Replaces the numbers of an installed plugin's versions by phase. */
  public void pluginVersions(String id, Map<String, Long> byPhase) {
    phases.put(id, Map.copyOf(byPhase));
    versions();
  }

  /** Counts a version that was taken back because it failed. */
  public void rolledBack(String id) {
    Counter.builder("upm_plugin_rollbacks")
        .description("Versions of a plugin that failed and made room for the one before")
        .tag("id", id)
        .register(registry)
        .increment();
  }

  /** Forgets a plugin that is installed no longer. */
  public void noPlugin(String id) {
    phases.remove(id);
    versions();
  }

  private void versions() {
    versions.register(
        phases.entrySet().stream()
            .flatMap(plugin ->
                plugin.getValue().entrySet().stream()
                    .map(phase ->
                        MultiGauge.Row.of(
                            Tags.of("id", plugin.getKey(), "phase", phase.getKey()),
                            phase.getValue())))
            .toList(),
        true);
  }
}
