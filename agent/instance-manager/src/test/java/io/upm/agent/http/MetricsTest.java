package io.upm.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.agent.report.Status;
import io.upm.spi.instance.Health;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void tellsHowFarTheEngineIsBehind() {
    String text = Metrics.text(lag("12"), "0.1.0", 1_800_000_000);

    assertThat(text)
        .contains("\nupm_replication_lag_seconds 12\n")
        .contains("\nupm_agent_certificate_expiry_timestamp_seconds 1800000000\n");
  }

  @Test
  void tellsNoLagWhereThereIsNone() {
    assertThat(Metrics.text(Status.NONE, "0.1.0", 0)).doesNotContain("upm_replication_lag_seconds");
    assertThat(Metrics.text(lag("unknown"), "0.1.0", 0))
        .doesNotContain("upm_replication_lag_seconds");
  }

  private static Status lag(String seconds) {
    var health = new Health(true, true, "replica", "", Map.of(), Map.of("lagSeconds", seconds));
    return new Status(
        Optional.empty(),
        1,
        Status.NONE.process(),
        Optional.of(new Status.Probe(health, 1, 1)),
        Status.NONE.config());
  }
}
