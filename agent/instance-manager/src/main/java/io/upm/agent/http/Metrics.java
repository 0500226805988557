package io.upm.agent.http;

import io.upm.agent.report.Phase;
import io.upm.agent.report.Status;
import io.upm.host.plugin.PluginKey;
import java.util.Locale;
import java.util.Optional;

/** A status in the text format of Prometheus. */
final class Metrics {
  /** Gauge of every plugin whose engine replicates. */
  private static final String LAG = "lagSeconds";

  private Metrics() {}

  /**
   * The text.
   *
   * @param version version of the agent
   * @param certificateExpiry when its certificate expires, in seconds since the epoch; 0 without
   *     one
   */
  static String text(Status status, String version, long certificateExpiry) {
    var text = new StringBuilder();
    gauge(text, "upm_engine_up", "Whether the engine's process runs.", up(status));
    gauge(text, "upm_engine_ready", "Whether the engine serves clients.", status.ready() ? 1 : 0);
    gauge(
        text,
        "upm_engine_starts",
        "Starts of the engine since the container started.",
        status.process().starts());
    gauge(
        text,
        "upm_engine_started_timestamp_seconds",
        "When the engine was started; 0 without one.",
        status.process().startedMillis() / 1000.0);
    gauge(
        text,
        "upm_probe_duration_seconds",
        "How long the last probe took; 0 without one.",
        status.probe().map(probe -> probe.nanos() / 1e9).orElse(0.0));
    gauge(
        text,
        "upm_config_pending_restart",
        "Whether the engine was started with other files than are in force.",
        status.config().pendingRestart() ? 1 : 0);
    gauge(
        text,
        "upm_config_refused",
        "Whether the last configuration was refused.",
        status.config().refused().isEmpty() ? 0 : 1);
    gauge(
        text,
        "upm_instance_revision",
        "Revision of the instance document.",
        (double) status.revision());
    gauge(
        text,
        "upm_agent_certificate_expiry_timestamp_seconds",
        "When the agent's certificate expires; 0 without one.",
        certificateExpiry);
    lag(status)
        .ifPresent(seconds ->
            gauge(
                text,
                "upm_replication_lag_seconds",
                "How far the engine is behind what it replicates from; absent where it does not.",
                seconds));
    head(text, "upm_agent_info", "Versions of agent and plugin.");
    text.append("upm_agent_info{version=\"").append(version);
    text.append("\",plugin=\"").append(status.plugin().map(PluginKey::id).orElse(""));
    text.append("\",plugin_version=\"").append(status.plugin().map(PluginKey::version).orElse(""));
    return text.append("\"} 1\n").toString();
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

  private static void gauge(StringBuilder text, String name, String help, double value) {
    head(text, name, help);
    String number =
        value == Math.rint(value)
            ? Long.toString((long) value)
            : String.format(Locale.ROOT, "%.6f", value);
    text.append(name).append(' ').append(number).append('\n');
  }

  private static void head(StringBuilder text, String name, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(" gauge\n");
  }
}
