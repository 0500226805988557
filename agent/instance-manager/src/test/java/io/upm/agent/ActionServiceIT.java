package io.upm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.upm.agent.container.Pod;
import io.upm.agent.container.Programs;
import io.upm.agent.protocol.v1.BeginRequest;
import io.upm.agent.protocol.v1.CancelRequest;
import io.upm.agent.protocol.v1.FollowRequest;
import io.upm.agent.protocol.v1.OperationPhase;
import io.upm.agent.protocol.v1.OperationReport;
import io.upm.agent.protocol.v1.ProcessState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a plugin does beside the engine, under the real launcher. */
class ActionServiceIT {
  @Test
  void anOperationRunsOnceHoweverOftenItIsBegunAndItsEndIsKept() throws Exception {
    try (var pod = Pod.ready()) {
      var request =
          order("first", "say", "hello").putSecrets("key", ByteString.copyFromUtf8("HIDDEN"));
      var unused = pod.runtime().actions().begin(request.build());
      unused = pod.runtime().actions().begin(request.build());

      OperationReport last = last(pod, "first");

      assertThat(last.getPhase()).isEqualTo(OperationPhase.OPERATION_SUCCEEDED);
      assertThat(last.getMessage()).isEqualTo("it is said");
      assertThat(last.getValuesMap()).isEqualTo(Map.of("text", "hello", "secret", "a key"));
      assertThat(last.getLogList()).containsExactly("said hello");
      assertThat(last.getPlugin().getVersion()).isEqualTo("1.0.0");
      assertThat(last.getEndedMillis()).isGreaterThanOrEqualTo(last.getBeganMillis());
      Pod.kill(pod.container().agent());
      assertThat(pod.runtime().actions().begin(request.build())).isEqualTo(last);
      assertThat(lines(pod)).containsExactly("say hello");
      assertThat(whatIsWritten(pod)).doesNotContain("HIDDEN");
    }
  }

  @Test
  void aSecondOneWaitsAndAnUnknownActionOrParameterIsRefusedInASentence() throws Exception {
    try (var pod = Pod.ready()) {
      var unused = pod.runtime().actions().begin(order("long", "wait", "flag").build());

      assertRefused(
          Status.Code.FAILED_PRECONDITION,
          () -> pod.runtime().actions().begin(order("second", "say", "hello").build()),
          "operation long (wait) runs");
      Files.createFile(pod.container().data().resolve("flag"));
      assertThat(last(pod, "long").getMessage()).isEqualTo("flag came");
      assertRefused(
          Status.Code.INVALID_ARGUMENT,
          () -> pod.runtime().actions().begin(order("third", "sing", "hello").build()),
          "there is no action \"sing\" here; there are: move, say, wait");
      assertRefused(
          Status.Code.INVALID_ARGUMENT,
          () -> pod.runtime().actions().begin(order("third", "say", "").build()),
          "parameters.text");
      assertRefused(
          Status.Code.INVALID_ARGUMENT,
          () ->
              pod.runtime()
                  .actions()
                  .begin(order("third", "say", "x").setParameters("{\"text\"").build()),
          "parameters is not JSON");
      assertRefused(
          Status.Code.INVALID_ARGUMENT,
          () -> pod.runtime().actions().begin(order("../third", "say", "x").build()),
          "lower-case letters");
      assertRefused(Status.Code.NOT_FOUND, () -> last(pod, "third"), "third");
      assertThat(lines(pod)).containsExactly("wait flag");
    }
  }

  @Test
  void oneThatFailsSaysWhyAndWhetherTryingAgainMayHelp() throws Exception {
    try (var pod = Pod.ready()) {
      var unused = pod.runtime().actions().begin(order("vain", "say", "nothing").build());

      OperationReport last = last(pod, "vain");

      assertThat(last.getPhase()).isEqualTo(OperationPhase.OPERATION_FAILED);
      assertThat(last.getMessage()).isEqualTo("there is nothing to say");
      assertThat(last.getRetryable()).isTrue();
    }
  }

  @Test
  void itIsCancelledWhereItsActionAllowsThat() throws Exception {
    try (var pod = Pod.ready()) {
      var unused = pod.runtime().actions().begin(order("endless", "wait", "never").build());
      await().until(() -> lines(pod).equals(List.of("wait never")));

      unused =
          pod.runtime()
              .actions()
              .cancel(CancelRequest.newBuilder().setOperation("endless").build());

      assertThat(last(pod, "endless").getPhase()).isEqualTo(OperationPhase.OPERATION_CANCELLED);
      assertThat(lines(pod)).containsExactly("wait never", "interrupted");
      unused = pod.runtime().actions().begin(order("next", "say", "hello").build());
      assertThat(last(pod, "next").getPhase()).isEqualTo(OperationPhase.OPERATION_SUCCEEDED);
    }
  }

  @Test
  void oneWhoseAgentDiesHasFailedAndIsNotRunAgain() throws Exception {
    try (var pod = Pod.ready()) {
      var request = order("broken", "wait", "never").build();
      var unused = pod.runtime().actions().begin(request);
      await().until(() -> lines(pod).equals(List.of("wait never")));

      Pod.kill(pod.container().agent());

      OperationReport after = pod.runtime().actions().begin(request);
      assertThat(after.getPhase()).isEqualTo(OperationPhase.OPERATION_FAILED);
      assertThat(after.getMessage()).startsWith("the agent ended while it ran");
      assertThat(after.getRetryable()).as("nothing is lost by another attempt").isTrue();
      assertThat(lines(pod)).containsExactly("wait never");
      assertThat(pod.container().journal()).containsExactly("start", "ready");
    }
  }

  @Test
  void itEndsOnThePluginThatItBeganOnAndTheNextOneRunsOnTheNewOne() throws Exception {
    try (var pod = Pod.ready()) {
      var unused = pod.runtime().actions().begin(order("across", "wait", "flag").build());

      pod.runtime().pushAndActivate(pod.plugin("1.1.0"));

      pod.runtime().report("second", report -> report.getPlugin().getVersion().equals("1.1.0"));
      assertThat(pod.container().output()).doesNotContain("is unloaded");
      Files.createFile(pod.container().data().resolve("flag"));
      OperationReport across = last(pod, "across");
      assertThat(across.getPhase()).isEqualTo(OperationPhase.OPERATION_SUCCEEDED);
      assertThat(across.getPlugin().getVersion()).isEqualTo("1.0.0");
      await().until(() -> pod.container().output().contains("is unloaded"));
      unused = pod.runtime().actions().begin(order("after", "say", "hello").build());
      assertThat(last(pod, "after").getPlugin().getVersion()).isEqualTo("1.1.0");
    }
  }

  @Test
  void oneThatNeedsAStoppedEngineKeepsItStopped() throws Exception {
    try (var pod = Pod.ready()) {
      var request = order("inside", "move", "flag").build();
      assertRefused(
          Status.Code.FAILED_PRECONDITION,
          () -> pod.runtime().actions().begin(request),
          "set spec.startup of the Unit to false");
      pod.runtime().configure(pod.container().document(2, false, Map.of()));
      pod.await(ProcessState.STOPPED);
      assertRefused(
          Status.Code.FAILED_PRECONDITION,
          () -> pod.runtime().actions().begin(order("outside", "say", "hello").build()),
          "the engine does not run");
      var unused = pod.runtime().actions().begin(request);
      pod.runtime().configure(pod.container().document(3, true, Map.of()));
      pod.runtime()
          .report(
              "the new document, and a stopped engine",
              report -> report.getRevision() == 3 && report.getProcess() == ProcessState.STOPPED);

      Files.createFile(pod.container().data().resolve("flag"));

      assertThat(last(pod, "inside").getPhase()).isEqualTo(OperationPhase.OPERATION_SUCCEEDED);
      pod.awaitReady();
      assertThat(pod.container().journal())
          .containsExactly("start", "ready", "stop", "start", "ready");
    }
  }

  @Test
  void oneThatRestoresFillsAnEmptyVolumeWhichIsNotMadeAnInstance() throws Exception {
    try (var pod = new Pod()) {
      pod.container().mount(pod.container().toBeRestored(1));
      pod.container().start();
      pod.runtime().pushAndActivate(pod.plugin("1.0.0"));
      pod.await(ProcessState.AWAITING_RESTORE);
      Path data = pod.container().data();
      assertThat(data.resolve("db")).doesNotExist();
      assertRefused(
          Status.Code.FAILED_PRECONDITION,
          () -> pod.runtime().actions().begin(order("outside", "say", "hello").build()),
          "the engine does not run");
      var unused = pod.runtime().actions().begin(order("restore", "move", "flag").build());

      Process made =
          new ProcessBuilder(
                  Programs.ENGINE.toString(), "--initialize", data.resolve("db").toString())
              .start();
      assertThat(made.waitFor()).isZero();
      Files.createFile(data.resolve("flag"));

      assertThat(last(pod, "restore").getPhase()).isEqualTo(OperationPhase.OPERATION_SUCCEEDED);
      pod.awaitReady();
      assertThat(pod.container().journal()).containsExactly("start", "ready");
    }
  }

  private static BeginRequest.Builder order(String id, String action, String text) {
    return BeginRequest.newBuilder()
        .setOperation(id)
        .setAction(action)
        .setParameters("{\"text\": \"%s\"}".formatted(text));
  }

  /** Follows it to its end. */
  private static OperationReport last(Pod pod, String id) {
    var reports = new ArrayList<OperationReport>();
    pod.runtime()
        .actions()
        .follow(FollowRequest.newBuilder().setOperation(id).build())
        .forEachRemaining(reports::add);
    return reports.getLast();
  }

  private static List<String> lines(Pod pod) {
    return pod.container().onVolume("actions").lines().toList();
  }

  private static String whatIsWritten(Pod pod) throws IOException {
    try (Stream<Path> files = Files.walk(pod.container().data().resolve(".upm/operations"))) {
      var text = new StringBuilder(pod.container().output());
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(
            new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1));
      }
      return text.toString();
    }
  }

  private static void assertRefused(Status.Code code, ThrowingCallable call, String why) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused -> assertThat(refused.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(why);
  }
}
