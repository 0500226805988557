package io.upm.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthServerTest {
  @Test
  void tellsHealthAndMetrics() throws Exception {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var metrics = new RuntimeMetrics(registry);
    metrics.reconciliation("Unit", () -> "");
    metrics.units(Map.of("READY", 3L));
    metrics.plugins(Map.of("acme", "1.0.0"));
    metrics.unitSets(Map.of(true, 2L, false, 1L));
    metrics.agents(Map.of("silent", 1L));
    metrics.leader(() -> true);
    metrics.certificate("webhook", () -> Instant.ofEpochSecond(1_800_000_000));
    try (var server =
        new HealthServer(
            0, Optional::empty, () -> Optional.of("starting or stopping"), registry::scrape)) {
      assertThat(get(server, "/healthz").statusCode()).isEqualTo(200);
      assertThat(get(server, "/readyz").statusCode()).isEqualTo(503);
      assertThat(get(server, "/readyz").body()).isEqualTo("starting or stopping");
      assertThat(get(server, "/metrics").body())
          .contains("upm_reconcile_seconds_count{kind=\"Unit\",outcome=\"done\"} 1")
          .contains("upm_unitsets{ready=\"false\"} 1")
          .contains("upm_agents{state=\"silent\"} 1")
          .contains("upm_leader 1")
          .contains("upm_certificate_expiry_timestamp_seconds{certificate=\"webhook\"} 1.8E9")
          .contains("upm_units{phase=\"READY\"} 3.0")
          .contains("upm_plugin_active{id=\"acme\",version=\"1.0.0\"} 1");
    }
  }

  private static HttpResponse<String> get(HealthServer server, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
