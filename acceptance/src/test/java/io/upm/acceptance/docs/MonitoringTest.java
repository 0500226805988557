package io.upm.acceptance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dashboard and alerts of the chart, as files; that their metrics exist is seen on a node. */
class MonitoringTest {
  @Test
  void everyAlertSaysWhatToDo() throws IOException {
    JsonNode groups = new YAMLMapper().readTree(Metrics.RULES.toFile());
    var alerts = new ArrayList<JsonNode>();
    groups.forEach(group -> group.path("rules").forEach(alerts::add));

    assertThat(alerts)
        .hasSizeGreaterThan(8)
        .allSatisfy(alert -> {
          assertThat(alert.path("expr").asText()).isNotEmpty();
          assertThat(alert.path("labels").path("severity").asText()).isIn("warning", "critical");
          assertThat(alert.path("annotations").path("summary").asText()).isNotEmpty();
          assertThat(alert.path("annotations").path("description").asText()).isNotEmpty();
        });
  }

  @Test
  void theDashboardHasPanelsWithQueries() throws IOException {
    JsonNode panels = new YAMLMapper().readTree(Metrics.DASHBOARD.toFile()).path("panels");
    var ids = new ArrayList<Integer>();
    for (JsonNode panel : panels) {
      ids.add(panel.path("id").asInt());
      boolean row = panel.path("type").asText().equals("row");
      assertThat(row || !panel.path("targets").path(0).path("expr").asText().isEmpty()).isTrue();
    }

    assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(10);
  }

  @Test
  void theirMetricsAreFound() throws IOException {
    assertThat(Metrics.named())
        .containsAll(List.of("upm_units", "upm_engine_up", "upm_replication_lag_seconds"));
  }
}
