package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.upm.runtime.agent.AgentView;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a Pod's agent is to be changed for that of another image, while its engine runs
 * on. Pure. An ephemeral container of that image puts its tree onto the volume that the agent runs
 * from (<a
 * href="https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/">Kubernetes,
 * Ephemeral Containers</a>); the agent makes way when nothing is being done for the engine, and the
 * launcher runs the next one, or the former one again if that doesn't serve.
 */
final class AgentUpgrade {
  /** Names of the containers: this, a tree and a number that grows with each of them. */
  private static final String PREFIX = "upm-agent-";

  private static final Pattern NAME = Pattern.compile(PREFIX + "[a-z0-9]+-\\d{1,6}");

  /** How often an image is tried in a Pod. */
  static final int TRIES = 3;

  private final UnitView view;
  private final Pod pod;
  private final AgentImage wanted;

  private AgentUpgrade(UnitView view, Pod pod) {
    this.view = view;
    this.pod = pod;
    this.wanted = view.agentImage();
  }

  /**
   * Decides it.
   *
   * @param pod one that is kept
   * @return empty when nothing is to be done
   */
  static Optional<AgentStep> decide(UnitView view, Pod pod) {
    return view.agentImage().inPlace() ? new AgentUpgrade(view, pod).decide() : Optional.empty();
  }

  /** Image of the agent that reports; empty when the Pod doesn't say. */
  static Optional<String> image(Pod pod, AgentView.Report report) {
    String tree = report.tree().map(AgentView.Tree::running).orElse("");
    return tree.isEmpty()
        ? first(pod)
        : brought(pod)
            .map(EphemeralContainer::getImage)
            .filter(image -> AgentImage.tree(image).equals(tree))
            .findFirst();
  }

  /** In the order of their numbers: a patch may put new ones first. */
  private static Stream<EphemeralContainer> brought(Pod pod) {
    return pod.getSpec().getEphemeralContainers().stream()
        .filter(container -> NAME.matcher(container.getName()).matches())
        .sorted(Comparator.comparingInt(AgentUpgrade::number));
  }

  private static int number(EphemeralContainer container) {
    String name = container.getName();
    return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
  }

  private Optional<AgentStep> decide() {
    List<EphemeralContainer> tries = brought(pod).toList();
    Optional<EphemeralContainer> last =
        tries.isEmpty() ? Optional.empty() : Optional.of(tries.getLast()).filter(this::isOfWanted);
    Optional<AgentView.Report> report =
        AgentState.of(view) == AgentState.REPORTING
            ? view.agent().flatMap(AgentView::report)
            : Optional.empty();
    if (report.isEmpty()) {
      return last.map(one -> new AgentStep.Await(sentence("nothing is heard of it yet")));
    }
    if (report.get().tree().isEmpty()) {
      return wanted.reference().equals(first())
          ? Optional.empty()
          : Optional.of(
              new AgentStep.Leave(
                  "the agent is that of %s and changes with its Pod, which can't take another one"
                      .formatted(first())));
    }
    AgentView.Tree tree = report.get().tree().get();
    if (wanted
        .tree()
        .equals(tree.running().isEmpty() ? AgentImage.tree(first()) : tree.running())) {
      return Optional.empty();
    }
    if (tree.refused().contains(wanted.tree())) {
      return Optional.of(
          new AgentStep.Refused(
              sentence("it did not serve, so the former one does: look at the Pod's log")));
    }
    return Optional.of(last.map(one -> follow(one, tries)).orElseGet(() -> install(tries)));
  }

  private AgentStep follow(EphemeralContainer last, List<EphemeralContainer> tries) {
    Optional<ContainerState> state = state(last.getName());
    ContainerStateTerminated ended = state.map(ContainerState::getTerminated).orElse(null);
    if (ended == null) {
      return new AgentStep.Await(
          sentence(state.flatMap(AgentUpgrade::waiting).orElse("it is put there")));
    }
    if (ended.getExitCode() == 0) {
      return new AgentStep.Await(
          sentence("the present one makes way as soon as no action runs beside the engine"));
    }
    long failed = tries.stream().filter(this::isOfWanted).count();
    String why = "it can't be put there: " + why(ended);
    return failed < TRIES ? install(tries) : new AgentStep.Refused(sentence(why));
  }

  private AgentStep install(List<EphemeralContainer> tries) {
    EphemeralContainer container =
        new EphemeralContainerBuilder()
            .withName(name() + (tries.isEmpty() ? 1 : number(tries.getLast()) + 1))
            .withImage(wanted.reference())
            .withImagePullPolicy("IfNotPresent")
            .withCommand(
                "/install",
                "--tree",
                wanted.tree(),
                VolumeNames.AGENT_TARGET,
                VolumeNames.AGENT_PATH)
            .withTerminationMessagePolicy("FallbackToLogsOnError")
            .withSecurityContext(PodSecurity.container(null))
            .addNewVolumeMount()
            .withName(VolumeNames.AGENT)
            .withMountPath(VolumeNames.AGENT_TARGET)
            .endVolumeMount()
            .build();
    return new AgentStep.Install(container, sentence("it takes over when it is this Unit's turn"));
  }

  private String sentence(String how) {
    return "the agent is to be that of %s: %s".formatted(wanted.reference(), how);
  }

  private boolean isOfWanted(EphemeralContainer container) {
    return container.getName().startsWith(name());
  }

  private String name() {
    return PREFIX + wanted.tree() + "-";
  }

  /** Image of the agent that the container began with. */
  private String first() {
    return first(pod).orElse("");
  }

  private static Optional<String> first(Pod pod) {
    return pod.getSpec().getInitContainers().stream()
        .filter(container -> PodObjects.AGENT_CONTAINER.equals(container.getName()))
        .map(Container::getImage)
        .findFirst();
  }

  private Optional<ContainerState> state(String name) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getEphemeralContainerStatuses().stream()
            .filter(status -> name.equals(status.getName()))
            .map(ContainerStatus::getState)
            .findFirst();
  }

  private static Optional<String> waiting(ContainerState state) {
    return Optional.ofNullable(state.getWaiting())
        .filter(reason -> reason.getMessage() != null)
        .map(reason -> "%s: %s".formatted(reason.getReason(), reason.getMessage()));
  }

  private static String why(ContainerStateTerminated ended) {
    @Nullable String message = ended.getMessage();
    return message == null || message.isBlank()
        ? "%s, exit code %d".formatted(ended.getReason(), ended.getExitCode())
        : message.strip();
  }
}
