package io.upm.acceptance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dashboards and alerts of the chart, as files; that their metrics exist is seen on a node. */
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

  @ParameterizedTest
  @MethodSource("dashboards")
  void theDashboardHasPanelsWithQueries(Path dashboard) throws IOException {
    JsonNode panels = new YAMLMapper().readTree(dashboard.toFile()).path("panels");
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

  /** A misspelt one would stay silent for ever. */
  @Test
  void thoseOfAnEngineAreDocumented() throws IOException {
    String reference = Files.readString(Path.of("..", "docs", "reference", "mysql.md"));

    assertThat(Metrics.named())
        .filteredOn(name -> name.startsWith("mysql_"))
        .hasSizeGreaterThan(30)
        .allSatisfy(name -> assertThat(reference).contains("| `" + name + "` |"));
  }

  static List<Path> dashboards() {
    return Metrics.DASHBOARDS;
  }
}
