package io.upm.runtime.unit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.testing.Manifests;
import io.upm.runtime.unit.UnitDecision.PodStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LostNodeTest {
  private static final String FREE = "spec/unbindNode=true";

  private final UnitViews views = new UnitViews(FREE);

  @Test
  void leavesThePodOfASilentNodeAloneAndSaysHowToReplaceIt() {
    lose(new NodeState("node-a", true, "Unknown", "2026-11-21T11:59:00Z", false));

    assertThat(views.decide().pod()).isInstanceOf(PodStep.Keep.class);
    UnitStatus status = views.status();
    assertThat(status.phase()).isEqualTo(UnitStatus.Phase.UNKNOWN);
    assertThat(status.nodeReady()).isEqualTo("Unknown");
    assertThat(views.waitingFor().predicate())
        .isEqualTo("node node-a is not ready since 2026-11-21T11:59:00Z");
    assertThat(views.waitingFor().unblock())
        .contains("kubectl taint nodes node-a node.kubernetes.io/out-of-service");

    views.unit =
        Manifests.unit(UnitViews.BY_HAND, FREE, "spec/template/spec/containers/0/image=acme:2.0.1");
    assertThat(views.decide().pod()).as("it may run on").isInstanceOf(PodStep.Keep.class);
  }

  @Test
  void waitsForThePodThatIsEndingOnASilentNode() {
    lose(new NodeState("node-a", true, "Unknown", "", false));
    end();

    assertThat(views.decide().pod()).isInstanceOf(PodStep.Wait.class);
    assertThat(views.waitingFor().predicate())
        .isEqualTo("the Pod is ending, and node node-a is not ready");
  }

  @Test
  void replacesThePodOfANodeThatIsOutOfService() {
    lose(new NodeState("node-a", true, "Unknown", "", true));
    assertThat(deletion().dead()).isTrue();
    assertThat(deletion().reason()).contains("out of service");

    end();
    assertThat(deletion().dead()).isTrue();
  }

  @Test
  void leavesAPodThatIsSomebodyElsesWhereItEnds() {
    lose(new NodeState("node-a", true, "Unknown", "", true));
    end();
    views.pod.orElseThrow().getMetadata().setOwnerReferences(List.of());

    assertThat(views.decide().pod()).isInstanceOf(PodStep.Wait.class);
    assertThat(views.waitingFor().predicate()).contains("not made for this Unit is ending");
  }

  @Test
  void believesTheKubeletOfANodeThatIsReadyRatherThanATaint() {
    lose(new NodeState("node-a", true, "True", "", true));

    assertThat(views.decide().pod()).isInstanceOf(PodStep.Keep.class);
  }

  @Test
  void replacesThePodWhoseContainersHadEndedBeforeItsNodeWasLost() {
    lose(new NodeState("node-a", true, "Unknown", "", false));
    end();
    views.pod =
        Optional.of(
            new PodBuilder(views.pod.orElseThrow())
                .editStatus()
                .addNewContainerStatus()
                .withName("acme")
                .withNewState()
                .withNewTerminated()
                .withExitCode(0)
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build());

    assertThat(deletion().reason()).contains("containers had ended");
  }

  @Test
  void doesNotReplaceThePodWhoseVolumeIsOnTheLostNode() {
    lose(new NodeState("node-a", true, "Unknown", "", true));
    views.place =
        new UnitView.Place(views.place.node(), List.of("solo-0-data"), Map.of(), List.of());

    assertThat(views.decide().pod()).isInstanceOf(PodStep.Keep.class);
    assertThat(views.waitingFor().unblock())
        .contains("solo-0-data can be used on node node-a only");
  }

  @Test
  void doesNotReplaceThePodOfAUnitThatIsBoundToItsNode() {
    views.unit = Manifests.unit(UnitViews.BY_HAND);
    lose(new NodeState("node-a", true, "Unknown", "", true));

    assertThat(views.decide().pod()).isInstanceOf(PodStep.Keep.class);
    assertThat(views.waitingFor().unblock()).contains("spec.unbindNode to true");
  }

  @Test
  void leavesAPodWhoseNodeWasRemovedToKubernetes() {
    lose(new NodeState("node-a", false, "Unknown", "", false));

    assertThat(views.decide().pod()).isInstanceOf(PodStep.Keep.class);
    assertThat(views.waitingFor().predicate()).contains("no longer part of the cluster");
  }

  @Test
  void makesAPodAnewThatWaitsForANodeItIsNoLongerBoundTo() {
    views.unit = Manifests.unit(UnitViews.BY_HAND);
    views.runPod();
    views.unit.setStatus(views.status());
    views.pod = Optional.empty();
    var waiting = ((PodStep.Create) views.decide().pod()).pod();
    waiting.getMetadata().setUid("new");
    views.pod = Optional.of(waiting);
    assertThat(views.decide().pod()).isInstanceOf(PodStep.Keep.class);

    UnitStatus status = views.unit.getStatus();
    views.unit = Manifests.unit(UnitViews.BY_HAND, FREE);
    views.unit.setStatus(status);

    assertThat(deletion().reason()).contains("waits for node node-a");
  }

  private void lose(NodeState node) {
    views.runPod();
    views.agentReports();
    var said = views.agent.orElseThrow();
    views.agent =
        Optional.of(new AgentView(node.isReady(), UnitViews.NOW, "silent", said.report()));
    views.place = new UnitView.Place(Optional.of(node), List.of(), Map.of(), List.of());
  }

  private void end() {
    views.pod =
        Optional.of(
            new PodBuilder(views.pod.orElseThrow())
                .editMetadata()
                .withDeletionTimestamp("2026-11-21T12:00:00Z")
                .endMetadata()
                .build());
  }

  private PodStep.Delete deletion() {
    return (PodStep.Delete) views.decide().pod();
  }
}
