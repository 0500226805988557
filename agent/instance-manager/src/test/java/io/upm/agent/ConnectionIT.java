package io.upm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.upm.agent.container.Authority;
import io.upm.agent.container.Caller;
import io.upm.agent.container.Pod;
import io.upm.agent.protocol.v1.InventoryRequest;
import io.upm.agent.protocol.v1.ProcessState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may talk to the agent, and what it says to those who need no certificate. */
class ConnectionIT {
  @Test
  void onlyTheRuntimeMayCall() throws Exception {
    try (var pod = new Pod()) {
      pod.container().start();
      pod.await(ProcessState.WAITING);
      Authority authority = pod.authority();
      assertThat(codeFor(pod.container().caller(authority.forRuntime()))).isEqualTo(Status.Code.OK);
      assertThat(codeFor(pod.container().caller(authority.forUnit("space", "demo-1"))))
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(codeFor(pod.container().caller(authority.forUnit("space", "demo-0"))))
          .as("its own")
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(codeFor(pod.container().nameless())).isEqualTo(Status.Code.UNAVAILABLE);
      Authority stranger = new Authority("stranger");
      Authority.Pem forged = stranger.forRuntime();
      var pem =
          new Authority.Pem(forged.certificate(), forged.key(), authority.forRuntime().authority());
      assertThat(codeFor(pod.container().caller(pem))).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void changedCertificatesAreUsedWithoutARestart() throws Exception {
    try (var pod = Pod.ready()) {
      String agent = pod.awaitReady().getAgentId();
      var next = new Authority("next");
      pod.container().authorise(next.forUnit("space", "demo-0"));
      await("new authority")
          .atMost(Duration.ofSeconds(20))
          .until(() -> codeFor(pod.container().caller(next.forRuntime())) == Status.Code.OK);
      assertThat(codeFor(pod.container().runtime())).isEqualTo(Status.Code.UNAVAILABLE);
      // The open connection goes on.
      int told = pod.runtime().reports().size();
      pod.runtime()
          .report(
              "same agent",
              report ->
                  pod.runtime().reports().size() > told + 2 && report.getAgentId().equals(agent));
    }
  }

  @Test
  void probesAndMetricsArePlainHttp() throws Exception {
    try (var pod = new Pod()) {
      pod.container().mount(pod.container().document(1, true, Map.of("start-delay", "1s")));
      pod.container().start();
      pod.await(ProcessState.WAITING);
      assertThat(get(pod, "/livez").statusCode()).isEqualTo(200);
      assertThat(get(pod, "/readyz").statusCode()).isEqualTo(503);
      assertThat(get(pod, "/readyz").body()).isEqualTo("there is no plugin yet\n");
      assertThat(get(pod, "/other").statusCode()).isEqualTo(404);

      pod.runtime().pushAndActivate(pod.plugin("1.0.0"));
      pod.awaitReady();

      assertThat(get(pod, "/readyz").statusCode()).isEqualTo(200);
      assertThat(get(pod, "/metrics").body())
          .contains("upm_engine_up 1\n", "upm_engine_ready 1\n", "upm_engine_starts 1\n")
          .contains("plugin=\"testengine\",plugin_version=\"1.0.0\"} 1\n")
          .containsPattern("upm_probe_duration_seconds [1-9]?\\d(\\.\\d+(E-\\d+)?)?\n");
    }
  }

  private static Status.Code codeFor(Caller caller) {
    try {
      var answer = caller.pluginsNow().inventory(InventoryRequest.getDefaultInstance());
      assertThat(answer.getKeptList()).hasSizeLessThan(2);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private static HttpResponse<String> get(Pod pod, String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:%d%s".formatted(pod.container().httpPort(), path)))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }
}
