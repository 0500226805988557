package io.upm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.upm.agent.container.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the agent's metrics say of an engine, and of a plugin that misbehaves. */
class EngineMetricsIT {
  /** Of Prometheus, unless it is told otherwise. */
  private static final Duration SCRAPE = Duration.ofSeconds(10);

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void theEnginesNumbersStandBesideTheAgents() throws Exception {
    try (var pod = Pod.ready()) {
      String first = scrape(pod);
      assertThat(first)
          .contains("\nupm_engine_up 1\n")
          .contains("\nupm_engine_scrape_success 1\n")
          .contains("\n# TYPE testengine_looks_total counter\ntestengine_looks_total 1\n")
          .containsPattern("\nupm_volume_size_bytes\\{volume=\"data\"} [1-9]\\d+\n")
          .containsPattern("\nupm_volume_available_bytes\\{volume=\"data\"} \\d+\n");
      assertThat(scrape(pod)).as("read anew").contains("\ntestengine_looks_total 2\n");

      pod.runtime().configure(pod.container().document(2, false, Map.of()));
      await()
          .untilAsserted(() ->
              assertThat(scrape(pod))
                  .contains("\nupm_engine_up 0\n")
                  .doesNotContain("testengine_", "scrape"));
    }
  }

  @Test
  void whateverThePluginDoesTheScrapeEndsAndTellsNothingOld() throws Exception {
    try (var pod = Pod.ready()) {
      assertThat(scrape(pod)).contains("testengine_looks_total");

      for (String how : new String[] {"away", "error", "twice"}) {
        behave(pod, how);
        assertFailed(scrape(pod));
      }

      behave(pod, "hang");
      long begin = System.nanoTime();
      var many =
          Stream.generate(() -> CompletableFuture.supplyAsync(() -> scrapeUnchecked(pod)))
              .limit(8)
              .toList();
      many.forEach(one -> assertFailed(one.join()));
      assertFailed(scrape(pod));
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SCRAPE);
      pod.awaitReady();

      behave(pod, "");
      await().untilAsserted(() -> assertThat(scrape(pod)).contains("upm_engine_scrape_success 1"));
      assertThat(pod.container().output())
          .contains("the engine is away", "two samples with the same labels", "no answer within")
          .contains("can be read again");
    }
  }

  private static void assertFailed(String text) {
    assertThat(text)
        .contains("\nupm_engine_up 1\n")
        .contains("\nupm_engine_scrape_success 0\n")
        .doesNotContain("testengine_");
  }

  /** At once: a file that is half written says something else. */
  private static void behave(Pod pod, String how) throws IOException {
    Path file = pod.container().data().resolve("metrics");
    Path fresh = Files.writeString(file.resolveSibling("metrics.new"), how);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String scrapeUnchecked(Pod pod) {
    try {
      return scrape(pod);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String scrape(Pod pod) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/metrics".formatted(pod.container().httpPort())))
            .timeout(SCRAPE)
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
