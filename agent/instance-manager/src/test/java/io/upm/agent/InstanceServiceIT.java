package io.upm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.upm.agent.container.Pod;
import io.upm.agent.protocol.v1.ConfigureRequest;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.ProcessState;
import io.upm.agent.protocol.v1.WatchRequest;
import java.nio.file.Files;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the runtime may ask for, against a real agent with a real engine. */
class InstanceServiceIT {
  @Test
  void olderRevisionIsRefused() throws Exception {
    try (var pod = Pod.ready()) {
      var runtime = pod.runtime();
      assertThat(runtime.configure(pod.container().document(5, true, Map.of()))).isEqualTo(5);
      assertThat(runtime.configure(pod.container().document(5, true, Map.of()))).isEqualTo(5);
      assertRefused(
          Status.Code.FAILED_PRECONDITION,
          () -> runtime.configure(pod.container().document(4, false, Map.of())),
          "revision 4 is older than 5");
      assertRefused(
          Status.Code.FAILED_PRECONDITION, () -> runtime.restart(4), "revision 4 is older than 5");
    }
  }

  @Test
  void highestRevisionWinsAfterARestart() throws Exception {
    try (var pod = Pod.ready()) {
      pod.runtime().configure(pod.container().document(7, true, Map.of()));
      String agent = pod.awaitReady().getAgentId();
      Pod.kill(pod.container().agent());
      InstanceReport again =
          pod.runtime().report("another agent", report -> !report.getAgentId().equals(agent));
      assertThat(again.getRevision()).isEqualTo(7);

      pod.container().mount(pod.container().document(6, false, Map.of()));
      pod.container().mount(pod.container().document(9, false, Map.of()));
      assertThat(pod.await(ProcessState.STOPPED).getRevision()).isEqualTo(9);
    }
  }

  @Test
  void documentOfAnotherInstanceIsRefused() throws Exception {
    try (var pod = Pod.ready()) {
      String text =
          io.upm.host.document.InstanceDocuments.write(pod.container().document(8, true, Map.of()))
              .replace("demo-0", "demo-1");
      assertRefused(
          Status.Code.INVALID_ARGUMENT,
          () -> use(pod.runtime().instance().configure(request(text))),
          "the document is for unit space/demo-1, this is space/demo-0");
      assertRefused(
          Status.Code.INVALID_ARGUMENT,
          () -> use(pod.runtime().instance().configure(request("{}}"))),
          "not an instance document");
    }
  }

  @Test
  void stopsAndStartsTheEngineAsTheDocumentSays() throws Exception {
    try (var pod = Pod.ready()) {
      pod.runtime().configure(pod.container().document(2, false, Map.of()));
      InstanceReport stopped = pod.await(ProcessState.STOPPED);
      assertThat(stopped.getEnginePid()).isZero();
      assertThat(stopped.hasHealth()).isFalse();
      assertRefused(
          Status.Code.FAILED_PRECONDITION, () -> pod.runtime().restart(2), "is to be stopped");

      pod.runtime().configure(pod.container().document(3, true, Map.of()));
      assertThat(pod.awaitReady().getEngineStarts()).isEqualTo(2);
      assertThat(pod.container().journal())
          .containsExactly("start", "ready", "stop", "start", "ready");
    }
  }

  @Test
  void changedConfigurationWaitsForARestart() throws Exception {
    try (var pod = Pod.ready(Map.of("tag", "old"))) {
      InstanceReport before = pod.awaitReady();
      pod.runtime().configure(pod.container().document(2, true, Map.of("tag", "new")));
      InstanceReport pending =
          pod.runtime().report("waits", report -> report.getConfig().getPendingRestart());
      assertThat(pending.getEnginePid()).isEqualTo(before.getEnginePid());
      assertThat(pending.getConfig().getDigest()).isNotEqualTo(before.getConfig().getDigest());
      assertThat(pending.getHealth().getFactsMap()).containsEntry("tag", "old");

      pod.runtime().restart(2);

      InstanceReport after =
          pod.runtime()
              .report("new", report -> "new".equals(report.getHealth().getFactsMap().get("tag")));
      assertThat(after.getConfig().getPendingRestart()).isFalse();
      assertThat(after.getEngineStarts()).isEqualTo(2);
      assertThat(pod.container().journal())
          .containsExactly("start", "ready", "stop", "start", "ready");
    }
  }

  @Test
  void aCheckThatWasKilledIsNoVerdict() throws Exception {
    try (var pod = Pod.ready()) {
      Map<String, String> parameters =
          Map.of("check-dies", pod.container().data().resolve("died").toString());
      pod.runtime().configure(pod.container().document(2, true, parameters));
      InstanceReport killed =
          pod.runtime().report("killed", report -> !report.getConfig().getRefused().isEmpty());
      assertThat(killed.getConfig().getRefused())
          .isEqualTo("the engine's check of the configuration was killed (exit code 137)");

      pod.runtime().configure(pod.container().document(3, true, parameters));

      InstanceReport taken =
          pod.runtime()
              .report(
                  "taken",
                  report ->
                      report.getConfig().getRevision() == 3
                          && report.getConfig().getRefused().isEmpty());
      assertThat(taken.getConfig().getDigest()).isNotEqualTo(killed.getConfig().getDigest());
    }
  }

  @Test
  void refusedConfigurationLeavesTheLastGoodOne() throws Exception {
    try (var pod = Pod.ready()) {
      InstanceReport before = pod.awaitReady();
      pod.runtime().configure(pod.container().document(2, true, Map.of("bad", "1")));
      InstanceReport refused =
          pod.runtime().report("refused", report -> !report.getConfig().getRefused().isEmpty());
      assertThat(refused.getConfig().getRefused())
          .isEqualTo(
              "the engine refuses the configuration: testengine: unknown name bad in "
                  + pod.container().data()
                  + "/.upm/config/"
                  + stagedDigest(refused.getConfig().getRefused())
                  + "/engine.conf");
      assertThat(refused.getConfig().getDigest()).isEqualTo(before.getConfig().getDigest());
      assertThat(refused.getConfig().getPendingRestart()).isFalse();
      assertThat(Pod.isReady(refused)).isTrue();

      pod.runtime().restart(2);
      pod.runtime().report("back", report -> Pod.isReady(report) && report.getEngineStarts() == 2);

      pod.runtime().configure(pod.container().document(3, true, Map.of("what", "1")));
      pod.runtime()
          .report(
              "another reason",
              report -> report.getConfig().getRefused().startsWith("spec.parameters: \"what\""));
      pod.runtime().configure(pod.container().document(4, true, Map.of()));
      pod.runtime().report("healed", report -> report.getConfig().getRefused().isEmpty());
    }
  }

  private static String stagedDigest(String sentence) {
    return sentence.replaceAll(".*/config/([0-9a-f]{64})/.*", "$1");
  }

  @Test
  void missingPasswordBlocksUntilItIsThere() throws Exception {
    try (var pod = new Pod()) {
      Files.delete(pod.directory().resolve("secret/root"));
      pod.container().start();
      pod.runtime().pushAndActivate(pod.plugin("1.0.0"));
      assertThat(pod.await(ProcessState.BLOCKED).getReason())
          .isEqualTo("the Secret has no password of root");
      assertThat(pod.container().data().resolve("db")).doesNotExist();
      pod.container().password("root", "secret");
      assertThat(pod.awaitReady().getEngineStarts()).isEqualTo(1);
    }
  }

  @Test
  void configurationThatCanNotBeRenderedBlocksBeforeAnythingIsMade() throws Exception {
    try (var pod = new Pod()) {
      pod.container().mount(pod.container().document(1, true, Map.of("what", "1")));
      pod.container().start();
      pod.runtime().pushAndActivate(pod.plugin("1.0.0"));
      InstanceReport blocked = pod.await(ProcessState.BLOCKED);
      assertThat(blocked.getReason()).startsWith("spec.parameters: \"what\" is not allowed");
      assertThat(blocked.getConfig().getRefused()).isEqualTo(blocked.getReason());
      assertThat(pod.container().data().resolve("db")).doesNotExist();
      pod.runtime().configure(pod.container().document(2, true, Map.of()));
      pod.awaitReady();
    }
  }

  @Test
  void reportsComeAtOnceAndAsHeartbeats() throws Exception {
    try (var pod = Pod.ready()) {
      int told = pod.runtime().reports().size();
      pod.runtime().report("five more", report -> pod.runtime().reports().size() >= told + 5);
      var reports = pod.runtime().reports();
      assertThat(reports)
          .extracting(InstanceReport::getSequence)
          .isSorted()
          .doesNotHaveDuplicates();
      assertThat(
              reports.subList(told, told + 5).stream()
                  .map(report -> report.getHealth().getGaugesMap().get("now"))
                  .distinct())
          .hasSizeGreaterThan(1);
    }
  }

  @Test
  void heartbeatsAreBriefForOneWhoAsks() throws Exception {
    try (var pod = Pod.ready()) {
      var reports =
          pod.runtime()
              .instance()
              .watch(
                  WatchRequest.newBuilder()
                      .setHeartbeatMillis(50)
                      .setBriefHeartbeats(true)
                      .build());
      InstanceReport first = reports.next();
      InstanceReport heartbeat = reports.next();
      assertThat(first.getUnchanged()).isFalse();
      assertThat(first.getHealth().getReady()).isTrue();
      assertThat(heartbeat)
          .isEqualTo(
              InstanceReport.newBuilder()
                  .setSequence(first.getSequence() + 1)
                  .setUnchanged(true)
                  .build());
      pod.runtime().configure(pod.container().document(2, false, Map.of()));
      InstanceReport news = reports.next();
      while (news.getUnchanged()) {
        news = reports.next();
      }
      assertThat(news.getRevision()).isEqualTo(2);
    }
  }

  private static ConfigureRequest request(String document) {
    return ConfigureRequest.newBuilder().setDocument(document).build();
  }

  private static void use(Object answer) {
    assertThat(answer).isNotNull();
  }

  private static void assertRefused(Status.Code code, ThrowingCallable call, String sentence) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> {
              assertThat(failure.getStatus().getCode()).isEqualTo(code);
              assertThat(failure.getStatus().getDescription()).contains(sentence);
            });
  }
}
