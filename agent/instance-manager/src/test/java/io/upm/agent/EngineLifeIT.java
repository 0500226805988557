package io.upm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.upm.agent.container.Pod;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.ProcessState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The engine's life under the real launcher: started, killed, stopped, found again. */
class EngineLifeIT {
  @Test
  void startsTheEngineOnceThereIsAPlugin() throws Exception {
    try (var pod = new Pod()) {
      pod.container().start();
      assertThat(pod.await(ProcessState.WAITING).getReason()).isEqualTo("there is no plugin yet");

      pod.runtime().pushAndActivate(pod.plugin("1.0.0"));

      InstanceReport report = pod.awaitReady();
      assertThat(report.getHealth().getRole()).isEqualTo("alone");
      assertThat(report.getEngineStarts()).isEqualTo(1);
      assertThat(report.getPlugin().getVersion()).isEqualTo("1.0.0");
      assertThat(report.getRevision()).isEqualTo(1);
      assertThat(report.getConfig().getDigest()).hasSize(64);
      assertThat(pod.container().journal()).containsExactly("start", "ready");
      assertThat(pod.container().output()).contains("testengine starts");
    }
  }

  @Test
  void killedEngineIsBackAtOnceAndThenAfterAPause() throws Exception {
    try (var pod = Pod.ready()) {
      long first = pod.awaitReady().getEnginePid();
      Pod.kill(handle(first));
      InstanceReport second = pod.runtime().report("back", after(first));
      assertThat(second.getEngineStarts()).isEqualTo(2);
      assertThat(pod.container().output())
          .contains("the engine was ended by signal 9 without being asked");

      Pod.kill(handle(second.getEnginePid()));
      InstanceReport crashed = pod.await(ProcessState.CRASHED);
      assertThat(crashed.getReason()).isEqualTo("the engine was ended by signal 9");
      assertThat(crashed.getEnginePid()).isZero();
      assertThat(pod.runtime().report("back", after(second.getEnginePid())).getEngineStarts())
          .isEqualTo(3);
    }
  }

  @Test
  void engineDoesNotNoticeThatTheAgentDies() throws Exception {
    try (var pod = Pod.ready()) {
      InstanceReport before = pod.awaitReady();
      int told = pod.runtime().reports().size();

      Pod.kill(pod.container().agent());

      InstanceReport after =
          pod.runtime()
              .report("another agent", report -> !report.getAgentId().equals(before.getAgentId()));
      assertThat(after.getEnginePid()).isEqualTo(before.getEnginePid());
      assertThat(after.getEngineStartedMillis()).isEqualTo(before.getEngineStartedMillis());
      assertThat(after.getEngineStarts()).isEqualTo(1);
      // A new agent never tells of a serving engine that it does not serve.
      assertThat(pod.runtime().reports().subList(told, pod.runtime().reports().size()))
          .allMatch(Pod::isReady);
      assertThat(pod.container().journal()).containsExactly("start", "ready");
    }
  }

  @Test
  void engineThatDiesWhileNoAgentIsThereIsBack() throws Exception {
    try (var pod = Pod.ready()) {
      long first = pod.awaitReady().getEnginePid();
      ProcessHandle agent = pod.container().agent();
      agent.destroyForcibly();
      handle(first).destroyForcibly();
      InstanceReport report = pod.runtime().report("back", after(first));
      assertThat(report.getEngineStarts()).isEqualTo(2);
    }
  }

  @Test
  void containerEndsWithTheEngineStoppedInOrder() throws Exception {
    try (var pod = Pod.ready(Map.of("stop-delay", "700ms"))) {
      long engine = pod.awaitReady().getEnginePid();
      assertThat(pod.container().stop()).isZero();
      assertThat(ProcessHandle.of(engine)).isEmpty();
      assertThat(pod.container().journal()).containsExactly("start", "ready", "stop");
      assertThat(pod.container().output()).contains("the engine ended with exit code 0");
    }
  }

  @Test
  void engineThatIsStillStoppingWhenTheBudgetIsSpentIsKilled() throws Exception {
    try (var pod = new Pod()) {
      pod.container().stopBudget(1);
      pod.container().mount(pod.container().document(1, true, Map.of("stop-delay", "1h")));
      pod.container().start();
      pod.runtime().pushAndActivate(pod.plugin("1.0.0"));
      pod.awaitReady();
      assertThat(pod.container().stop()).isZero();
      assertThat(pod.container().output()).contains("did not stop in time and is killed");
    }
  }

  @Test
  void agentThatDiesWhileItStopsTheEngineIsReplacedByOneThatGoesOn() throws Exception {
    try (var pod = Pod.ready(Map.of("stop-delay", "3s"))) {
      ProcessHandle agent = pod.container().agent();
      pod.container().launcher().destroy();
      pod.await(ProcessState.STOPPING);
      Pod.kill(agent);
      assertThat(pod.container().stop()).isZero();
      assertThat(pod.container().journal()).containsExactly("start", "ready", "stop");
    }
  }

  @Test
  void slowStartIsNotAFailure() throws Exception {
    try (var pod = new Pod()) {
      pod.container().mount(pod.container().document(1, true, Map.of("start-delay", "4s")));
      pod.container().start();
      pod.runtime().pushAndActivate(pod.plugin("1.0.0"));
      InstanceReport starting = pod.await(ProcessState.STARTING);
      assertThat(starting.getHealth().getReady()).isFalse();
      assertThat(pod.awaitReady().getEngineStarts()).isEqualTo(1);
    }
  }

  @Test
  void podStartsAgainWithoutTheRuntime() throws Exception {
    try (var pod = Pod.ready()) {
      pod.container().stop();
      pod.container().start();
      InstanceReport report =
          pod.runtime().report("another container", again -> Pod.isReady(again));
      assertThat(report.getEngineStarts()).isEqualTo(1);
      await().until(() -> pod.container().journal().size() == 5);
      assertThat(pod.container().journal())
          .containsExactly("start", "ready", "stop", "start", "ready");
    }
  }

  @Test
  void noZombieIsLeftInTheContainer() throws Exception {
    try (var pod = new Pod()) {
      pod.container().start(List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc"));
      pod.runtime().pushAndActivate(pod.plugin("1.0.0"));
      for (int run = 1; run <= 3; run++) {
        int expected = run;
        pod.runtime()
            .report(
                "run " + run,
                report -> Pod.isReady(report) && report.getEngineStarts() == expected);
        if (run < 3) {
          Pod.kill(engineIn(pod));
        }
      }
      List<String> states =
          pod.container()
              .launcher()
              .descendants()
              .map(process -> state(process.pid()).orElse("gone"))
              .toList();
      assertThat(states).isNotEmpty().noneMatch(state -> state.startsWith("Z"));
    }
  }

  private static ProcessHandle engineIn(Pod pod) {
    return pod.container()
        .launcher()
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("/testengine"))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<String> state(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return Optional.of(stat.substring(stat.lastIndexOf(')') + 2));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static java.util.function.Predicate<InstanceReport> after(long pid) {
    return report -> Pod.isReady(report) && report.getEnginePid() != pid;
  }

  private static ProcessHandle handle(long pid) {
    return ProcessHandle.of(pid).orElseThrow();
  }
}
