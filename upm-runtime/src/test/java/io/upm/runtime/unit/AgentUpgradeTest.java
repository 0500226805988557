package io.upm.runtime.unit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.kube.Conditions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Pod was made with the agent of upm-agent:1. */
class AgentUpgradeTest {
  private static final String FIRST = "upm-agent:1";
  private static final String SECOND = "upm-agent:2";
  private static final AgentView.Tree FROM_FIRST = new AgentView.Tree("", List.of());

  private final UnitViews views = new UnitViews();

  @BeforeEach
  void run() {
    views.runPod();
    views.agentReports(FROM_FIRST);
    views.agentImage = new AgentImage(SECOND, true);
  }

  @Test
  void nothingIsDoneAboutTheAgentThatNewPodsGet() {
    views.agentImage = new AgentImage(FIRST, true);
    assertThat(step()).isEmpty();
    assertThat(condition()).isEmpty();
    views.agentReports();
    assertThat(step()).as("nor about one that can't be changed").isEmpty();
  }

  @Test
  void anotherOneIsPutBesideIt() {
    EphemeralContainer container = install();

    assertThat(container.getName()).isEqualTo("upm-agent-%s-1".formatted(id(SECOND)));
    assertThat(container.getImage()).isEqualTo(SECOND);
    assertThat(container.getCommand())
        .containsExactly("/install", "--tree", id(SECOND), "/target", "/opt/upm");
    assertThat(container.getVolumeMounts())
        .extracting(VolumeMount::getName)
        .containsExactly("upm-agent");
    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(condition()).contains("Due");
    assertThat(image()).isEqualTo(FIRST);
  }

  @Test
  void onlyWhereTheUserWantsIt() {
    views.agentImage = new AgentImage(SECOND, false);
    assertThat(step()).isEmpty();
  }

  @Test
  void itIsWaitedForUntilItServes() {
    EphemeralContainer container = install();
    add(container, null);
    assertThat(condition()).contains("Changing");
    add(container, waiting("ImagePullBackOff", "no such image"));
    assertThat(message()).contains("ImagePullBackOff: no such image");
    add(container, ended(0, null));
    assertThat(message()).contains("as soon as no action runs");
    views.agent = Optional.empty();
    assertThat(step())
        .hasValueSatisfying(step -> assertThat(step).isInstanceOf(AgentStep.Await.class));
    views.agentReports(new AgentView.Tree(id(SECOND), List.of()));
    assertThat(step()).isEmpty();
    assertThat(image()).isEqualTo(SECOND);
  }

  @Test
  void oneThatDoesNotServeIsNotTriedAgain() {
    add(install(), ended(0, null));
    views.agentReports(new AgentView.Tree("", List.of(id(SECOND))));
    assertThat(step())
        .hasValueSatisfying(step -> assertThat(step).isInstanceOf(AgentStep.Refused.class));
    assertThat(condition()).contains("Refused");
    views.agentImage = new AgentImage(FIRST, true);
    assertThat(step()).as("the former one is wanted again").isEmpty();
  }

  @Test
  void whatCanNotBePutThereIsTriedThreeTimes() {
    for (int attempt = 1; attempt <= AgentUpgrade.TRIES; attempt++) {
      EphemeralContainer container = install();
      assertThat(container.getName()).endsWith("-" + attempt);
      add(container, ended(1, "install: no space left on device\n"));
    }
    assertThat(step())
        .hasValueSatisfying(step -> assertThat(step).isInstanceOf(AgentStep.Refused.class));
    assertThat(message()).endsWith("it can't be put there: install: no space left on device");
  }

  @Test
  void goingBackIsAChangeLikeAnyOther() {
    add(install(), ended(0, null));
    views.agentReports(new AgentView.Tree(id(SECOND), List.of()));
    views.agentImage = new AgentImage(FIRST, true);

    EphemeralContainer back = install();
    assertThat(back.getName()).isEqualTo("upm-agent-%s-2".formatted(id(FIRST)));
    add(back, ended(0, null));
    views.agentReports(new AgentView.Tree(id(FIRST), List.of()));
    assertThat(step()).isEmpty();
    views.agentImage = new AgentImage(SECOND, true);
    assertThat(install().getName()).isEqualTo("upm-agent-%s-3".formatted(id(SECOND)));
  }

  @Test
  void aPodThatCanTakeNoOtherSaysSo() {
    views.agentReports();
    assertThat(condition()).contains("ChangesWithPod");
    assertThat(message())
        .isEqualTo(
            "the agent is that of upm-agent:1 and changes with its Pod, which can't take another one");
  }

  @Test
  void inMaintenanceNothingIsChanged() {
    UnitViews maintained = new UnitViews("spec/maintenance=true");
    maintained.pod = views.pod;
    maintained.agentImage = views.agentImage;
    maintained.agentReports(FROM_FIRST);
    assertThat(maintained.decide().agentStep()).isEmpty();
  }

  private @Nullable String image() {
    return Objects.requireNonNull(views.status().agent()).image();
  }

  private Optional<AgentStep> step() {
    return views.decide().agentStep();
  }

  private EphemeralContainer install() {
    return ((AgentStep.Install) step().orElseThrow()).container();
  }

  private Optional<String> condition() {
    return Conditions.find(views.status().conditions(), UnitConditions.AGENT_CURRENT)
        .map(condition -> condition.getReason());
  }

  private String message() {
    return step().orElseThrow().message();
  }

  private static String id(String image) {
    return AgentImage.tree(image);
  }

  private void add(EphemeralContainer container, @Nullable ContainerState state) {
    var pod = new PodBuilder(views.pod.orElseThrow());
    if (!pod.buildSpec().getEphemeralContainers().contains(container)) {
      // Where a strategic merge patch puts it.
      pod.editSpec().addToEphemeralContainers(0, container).endSpec();
    }
    if (state != null) {
      pod.editStatus()
          .removeMatchingFromEphemeralContainerStatuses(
              status -> container.getName().equals(status.getName()))
          .addToEphemeralContainerStatuses(
              new ContainerStatusBuilder().withName(container.getName()).withState(state).build())
          .endStatus();
    }
    views.pod = Optional.of(pod.build());
  }

  private static ContainerState waiting(String reason, String message) {
    return new ContainerStateBuilder()
        .withNewWaiting()
        .withReason(reason)
        .withMessage(message)
        .endWaiting()
        .build();
  }

  private static ContainerState ended(int code, @Nullable String message) {
    return new ContainerStateBuilder()
        .withNewTerminated()
        .withExitCode(code)
        .withReason(code == 0 ? "Completed" : "Error")
        .withMessage(message)
        .endTerminated()
        .build();
  }
}
