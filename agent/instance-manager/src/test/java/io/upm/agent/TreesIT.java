package io.upm.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.agent.container.Pod;
import io.upm.agent.container.Trees;
import io.upm.agent.protocol.v1.BeginRequest;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.OperationPhase;
import java.nio.file.Files;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Another agent takes over from the one that runs, beside an engine that doesn't notice. */
class TreesIT {
  @Test
  void theNextAgentGoesOnWithTheEngine() throws Exception {
    try (var pod = new Pod()) {
      Trees trees = start(pod);
      InstanceReport before = pod.awaitReady();
      assertThat(before.getTree().getRunning()).isEmpty();
      int told = pod.runtime().reports().size();

      trees.add("b2");

      InstanceReport after = runsFrom(pod, "b2");
      assertThat(after.getAgentId()).isNotEqualTo(before.getAgentId());
      assertThat(after.getEnginePid()).isEqualTo(before.getEnginePid());
      assertThat(after.getEngineStarts()).isEqualTo(1);
      assertThat(pod.runtime().reports().subList(told, pod.runtime().reports().size()))
          .as("it never tells of a serving engine that it does not serve")
          .allMatch(Pod::isReady);
      assertThat(pod.container().journal()).containsExactly("start", "ready");
      assertThat(pod.container().stop()).isZero();
      assertThat(pod.container().journal()).containsExactly("start", "ready", "stop");
    }
  }

  @Test
  void theFormerAgentIsBackWhenTheNextDoesNotServe() throws Exception {
    try (var pod = new Pod()) {
      Trees trees = start(pod);
      InstanceReport before = pod.awaitReady();

      trees.addBroken("b2");

      InstanceReport after =
          pod.runtime()
              .report("b2 is refused", report -> report.getTree().getRefusedList().contains("b2"));
      assertThat(after.getTree().getRunning()).isEmpty();
      assertThat(after.getEnginePid()).isEqualTo(before.getEnginePid());
      assertThat(pod.container().output()).contains("no agent from tree b2 served in 3 tries");

      trees.add("b3");

      assertThat(runsFrom(pod, "b3").getEngineStarts()).isEqualTo(1);
    }
  }

  @Test
  void whatRunsBesideTheEngineEndsFirst() throws Exception {
    try (var pod = new Pod()) {
      Trees trees = start(pod);
      InstanceReport before = pod.awaitReady();
      BeginRequest request =
          BeginRequest.newBuilder()
              .setOperation("long")
              .setAction("wait")
              .setParameters("{\"text\":\"flag\"}")
              .build();
      var unused = pod.runtime().actions().begin(request);

      trees.add("b2");

      // The agent looks every two seconds, and tells of itself meanwhile.
      int told = pod.runtime().reports().size();
      Awaitility.await().until(() -> pod.runtime().reports().size() > told + 3);
      assertThat(pod.runtime().reports())
          .allMatch(report -> report.getAgentId().equals(before.getAgentId()));
      Files.createFile(pod.container().data().resolve("flag"));
      runsFrom(pod, "b2");
      assertThat(pod.runtime().actions().begin(request).getPhase())
          .isEqualTo(OperationPhase.OPERATION_SUCCEEDED);
    }
  }

  private static Trees start(Pod pod) throws Exception {
    Trees trees = Trees.plant(pod.directory().resolve("upm"));
    pod.container().start(trees);
    pod.runtime().pushAndActivate(pod.plugin("1.0.0"));
    return trees;
  }

  private static InstanceReport runsFrom(Pod pod, String tree) {
    return pod.runtime()
        .report(
            "an agent from " + tree,
            report -> report.getTree().getRunning().equals(tree) && Pod.isReady(report));
  }
}
