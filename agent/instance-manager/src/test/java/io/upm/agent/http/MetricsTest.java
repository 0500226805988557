package io.upm.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.agent.report.Status;
import io.upm.agent.scrape.EngineScrape;
import io.upm.agent.scrape.VolumeUse;
import io.upm.spi.instance.Health;
import io.upm.spi.metric.MetricFamily;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final MetricFamily COMMANDS =
      MetricFamily.counter("e_commands_total", "", "Commands \\ by kind.", "command");

  @Test
  void tellsHowFarTheEngineIsBehind() {
    String text = Metrics.text(facts(lag("12")));

    assertThat(text)
        .contains("\nupm_replication_lag_seconds 12\n")
        .contains("\nupm_agent_certificate_expiry_timestamp_seconds 1800000000\n");
  }

  @Test
  void tellsNoLagWhereThereIsNone() {
    assertThat(Metrics.text(facts(Status.NONE))).doesNotContain("upm_replication_lag_seconds");
    assertThat(Metrics.text(facts(lag("unknown")))).doesNotContain("upm_replication_lag_seconds");
  }

  @Test
  void tellsWhatTheEngineSaid() {
    var scrape =
        new EngineScrape(
            true, 0.25, List.of(COMMANDS.sample(7, "select"), COMMANDS.sample(0.5, "a\"b\\c\nd")));

    String text =
        Metrics.text(new Metrics.Facts(Status.NONE, Optional.of(scrape), List.of(), "1.0", 0));

    assertThat(text)
        .contains("\nupm_engine_scrape_success 1\n")
        .contains("\nupm_engine_scrape_duration_seconds 0.25\n")
        .endsWith(
            """
            # HELP e_commands_total Commands \\\\ by kind.
            # TYPE e_commands_total counter
            e_commands_total{command="select"} 7
            e_commands_total{command="a\\"b\\\\c\\nd"} 0.5
            """);
  }

  @Test
  void tellsThatTheEngineCouldNotBeAskedAndNothingOld() {
    var scrape = new EngineScrape(false, 4, List.of());

    assertThat(
            Metrics.text(new Metrics.Facts(Status.NONE, Optional.of(scrape), List.of(), "1.0", 0)))
        .contains("\nupm_engine_scrape_success 0\n")
        .endsWith("\nupm_engine_scrape_duration_seconds 4\n");
    assertThat(Metrics.text(facts(Status.NONE))).doesNotContain("scrape");
  }

  @Test
  void tellsHowFullTheVolumesAre() {
    var volumes = List.of(new VolumeUse("data", 1L << 40, 1L << 30), new VolumeUse("log", 10, 9));

    assertThat(Metrics.text(new Metrics.Facts(Status.NONE, Optional.empty(), volumes, "1.0", 0)))
        .contains("upm_volume_size_bytes{volume=\"data\"} 1099511627776\n")
        .contains("upm_volume_size_bytes{volume=\"log\"} 10\n# HELP upm_volume_available_bytes ")
        .endsWith("upm_volume_available_bytes{volume=\"log\"} 9\n");
  }

  private static Metrics.Facts facts(Status status) {
    return new Metrics.Facts(status, Optional.empty(), List.of(), "0.1.0", 1_800_000_000);
  }

  private static Status lag(String seconds) {
    var health = new Health(true, true, "replica", "", Map.of(), Map.of("lagSeconds", seconds));
    return new Status(
        Optional.empty(),
        1,
        Status.NONE.process(),
        Optional.of(new Status.Probe(health, 1, 1)),
        Status.NONE.config(),
        Status.NONE.accounts());
  }
}
