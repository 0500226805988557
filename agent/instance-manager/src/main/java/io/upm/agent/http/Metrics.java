package io.upm.agent.http;

import io.upm.agent.report.Phase;
import io.upm.agent.report.Status;
import io.upm.agent.scrape.EngineScrape;
import io.upm.agent.scrape.VolumeUse;
import io.upm.host.plugin.PluginKey;
import io.upm.spi.metric.MetricFamily;
import java.util.List;
import java.util.Optional;

/** What the agent knows, in the text format of Prometheus. */
public final class Metrics {
  /** Gauge of every plugin whose engine replicates. */
  private static final String LAG = "lagSeconds";

  private static final MetricFamily INFO =
      MetricFamily.gauge(
          "upm_agent_info",
          "",
          "Versions of agent and plugin.",
          "version",
          "plugin",
          "plugin_version");

  private static final MetricFamily SIZE =
      MetricFamily.gauge(
          "upm_volume_size_bytes", "bytes", "Size of a volume's file system.", "volume");

  private static final MetricFamily AVAILABLE =
      MetricFamily.gauge(
          "upm_volume_available_bytes",
          "bytes",
          "What the engine can still write to a volume.",
          "volume");

  private Metrics() {}

  /**
   * What there is to tell.
   *
   * @param status of the instance
   * @param engine what the engine told of itself; empty when its plugin has no metrics
   * @param volumes how full they are
   * @param version version of the agent
   * @param certificateExpiry when its certificate expires, in seconds since the epoch; 0 without
   *     one
   */
  public record Facts(
      Status status,
      Optional<EngineScrape> engine,
      List<VolumeUse> volumes,
      String version,
      long certificateExpiry) {}

  /** The text. */
  static String text(Facts facts) {
    var text = new Exposition();
    engine(text, facts.status());
    config(text, facts.status());
    text.gauge(
        "upm_agent_certificate_expiry_timestamp_seconds",
        "When the agent's certificate expires; 0 without one.",
        facts.certificateExpiry());
    lag(facts.status())
        .ifPresent(seconds ->
            text.gauge(
                "upm_replication_lag_seconds",
                "How far the engine is behind what it replicates from; absent where it does not.",
                seconds));
    Optional<PluginKey> plugin = facts.status().plugin();
    text.sample(
        INFO.sample(
            1,
            facts.version(),
            plugin.map(PluginKey::id).orElse(""),
            plugin.map(PluginKey::version).orElse("")));
    facts.volumes().forEach(use -> text.sample(SIZE.sample(use.sizeBytes(), use.name())));
    facts.volumes().forEach(use -> text.sample(AVAILABLE.sample(use.availableBytes(), use.name())));
    facts.engine().ifPresent(scrape -> scrape(text, scrape));
    return text.toString();
  }

  private static void engine(Exposition text, Status status) {
    text.gauge("upm_engine_up", "Whether the engine's process runs.", up(status));
    text.gauge("upm_engine_ready", "Whether the engine serves clients.", status.ready() ? 1 : 0);
    text.gauge(
        "upm_engine_starts",
        "Starts of the engine since the container started.",
        status.process().starts());
    text.gauge(
        "upm_engine_started_timestamp_seconds",
        "When the engine was started; 0 without one.",
        status.process().startedMillis() / 1000.0);
    text.gauge(
        "upm_probe_duration_seconds",
        "How long the last probe took; 0 without one.",
        status.probe().map(probe -> probe.nanos() / 1e9).orElse(0.0));
  }

  private static void config(Exposition text, Status status) {
    text.gauge(
        "upm_config_pending_restart",
        "Whether the engine needs a restart for the files in force.",
        status.config().pendingRestart() ? 1 : 0);
    text.gauge(
        "upm_config_drift",
        "Parameters that somebody changed in the engine, beside its configuration.",
        status.config().drift().size());
    text.gauge(
        "upm_config_refused",
        "Whether the last configuration was refused.",
        status.config().refused().isEmpty() ? 0 : 1);
    text.gauge(
        "upm_instance_revision", "Revision of the instance document.", (double) status.revision());
  }

  private static void scrape(Exposition text, EngineScrape scrape) {
    text.gauge(
        "upm_engine_scrape_success",
        "Whether the engine's own metrics could be read; without it none of them follow.",
        scrape.success() ? 1 : 0);
    text.gauge(
        "upm_engine_scrape_duration_seconds",
        "How long reading the engine's own metrics took.",
        scrape.seconds());
    scrape.samples().forEach(text::sample);
  }

  /** What the engine's plugin says; absent when it says nothing, or what is no number. */
  private static Optional<Double> lag(Status status) {
    return status
        .probe()
        .map(probe -> probe.health().gauges().get(LAG))
        .filter(text -> text.matches("\\d{1,15}(\\.\\d{1,9})?"))
        .map(Double::valueOf);
  }

  private static double up(Status status) {
    Phase phase = status.process().phase();
    return status.process().pid() != 0 && phase != Phase.STOPPING ? 1 : 0;
  }
}
