package io.upm.runtime.unit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.upm.host.document.InstanceDocument;
import io.upm.runtime.api.Names;
import io.upm.runtime.testing.Manifests;
import io.upm.runtime.unit.UnitDecision.PodStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResizingTest {
  private static final String RESOURCES = "spec/template/spec/containers/0/resources=";
  private static final String SMALL =
      RESOURCES + "{limits: {cpu: '2', memory: 1Gi}, requests: {cpu: '1'}}";
  private static final String MORE_CPU =
      RESOURCES + "{limits: {cpu: '3', memory: 1Gi}, requests: {cpu: '1'}}";
  private static final String MORE_MEMORY =
      RESOURCES + "{limits: {cpu: '2', memory: 2Gi}, requests: {cpu: '1'}}";

  private final UnitViews views = new UnitViews(SMALL);

  @Test
  void asksForMoreProcessorsInPlaceAndIsDoneWhenTheContainerHasThem() {
    run();
    change(MORE_CPU);

    PodStep.Resize step = (PodStep.Resize) views.decide().pod();
    assertThat(step.metadata().orElseThrow()).contains("resizing:");
    assertThat(step.resources().orElseThrow())
        .contains("\"cpu\":\"3\"", "\"name\":\"acme\"", "\"uid\":\"pod-uid\"");
    assertThat(condition("Updated")).contains("Kubernetes resizes the container");

    annotate(Names.ANNOTATION_TEMPLATE, "resizing:" + step.hash());
    resources("3", "1Gi", "3", "1Gi");

    PodStep.Keep done = (PodStep.Keep) views.decide().pod();
    assertThat(done.current()).isTrue();
    assertThat(done.patch().orElseThrow()).contains(step.hash(), Names.ANNOTATION_RESOURCES);
  }

  @Test
  void waitsForTheKubeletAndSaysSo() {
    run();
    change(MORE_CPU);
    resources("3", "1Gi", "2", "1Gi");

    assertThat(((PodStep.Resize) views.decide().pod()).resources()).isEmpty();
    assertThat(views.waitingFor().predicate()).contains("kubelet resizes");
  }

  @Test
  void configuresTheEngineForMoreMemoryAndRestartsItOnlyThen() {
    run();
    change(MORE_MEMORY);
    resources("2", "2Gi", "2", "2Gi");

    UnitDecision first = views.decideAndKeepDocument();
    assertThat(document(first).limits().memoryBytes()).isEqualTo(2L << 30);
    assertThat(first.pod()).isInstanceOf(PodStep.Resize.class);
    assertThat(first.agent().orElseThrow().desired().restart()).isFalse();

    reports(true);
    UnitDecision second = views.decideAndKeepDocument();
    assertThat(second.agent().orElseThrow().desired().restart()).isTrue();
    assertThat(condition("Updated")).contains("engine restarts");

    reports(false);
    assertThat(views.decide().pod())
        .isInstanceOfSatisfying(PodStep.Keep.class, keep -> assertThat(keep.current()).isTrue());
  }

  @Test
  void leadsBackWhenTheSpecIsRevertedMeanwhile() {
    run();
    String hash = DecidePod.hash(views.pod.orElseThrow());
    annotate(Names.ANNOTATION_TEMPLATE, "resizing:other");
    resources("3", "1Gi", "3", "1Gi");

    PodStep.Resize back = (PodStep.Resize) views.decide().pod();
    assertThat(back.resources().orElseThrow()).contains("\"cpu\":\"2\"");
    assertThat(back.hash()).isEqualTo(hash);
  }

  @Test
  void replacesThePodWhoseMemoryHadGrownWhenTheSpecIsReverted() {
    run();
    annotate(Names.ANNOTATION_TEMPLATE, "resizing:other");
    resources("2", "2Gi", "2", "2Gi");

    assertThat(reason()).contains("memory shrinks");
  }

  @Test
  void replacesThePodWhenItCannotBeDoneInPlace() {
    run();
    change(RESOURCES + "{limits: {cpu: '2', memory: 768Mi}, requests: {cpu: '1'}}");
    assertThat(reason()).contains("memory shrinks");

    change(RESOURCES + "{limits: {memory: 1Gi}, requests: {cpu: '1'}}");
    assertThat(reason()).contains("a limit or request of cpu is removed");

    change(
        RESOURCES
            + "{limits: {cpu: '2', memory: 1Gi, ephemeral-storage: 1Gi}, requests: {cpu: '1'}}");
    assertThat(reason()).contains("ephemeral-storage can't be changed");
  }

  @Test
  void replacesThePodThatWouldGetAnotherQualityOfService() {
    change(RESOURCES + "{limits: {cpu: '2', memory: 1Gi}}");
    run();

    change(SMALL);

    assertThat(reason()).contains("another quality of service class");
  }

  @Test
  void replacesThePodThatKubernetesRefusedToResize() {
    run();
    change(MORE_CPU);
    String hash = ((PodStep.Resize) views.decide().pod()).hash();
    annotate(Names.ANNOTATION_RESIZE_REFUSED, hash + " the node is too small");
    assertThat(reason()).contains("the node is too small");

    annotate(Names.ANNOTATION_RESIZE_REFUSED, "another change");
    assertThat(views.decide().pod()).isInstanceOf(PodStep.Resize.class);
  }

  @Test
  void waitsForRoomOnTheNodeButNotForEver() {
    run();
    change(MORE_CPU);
    resources("3", "1Gi", "2", "1Gi");
    pending("Deferred", "Node didn't have enough resource: cpu");

    assertThat(views.decide().pod()).isInstanceOf(PodStep.Resize.class);
    assertThat(views.decide().recheck().orElseThrow()).isEqualTo(Resizing.DEFERRAL);
    assertThat(views.waitingFor().predicate()).contains("no room", "enough resource");

    views.now = UnitViews.NOW.plus(Resizing.DEFERRAL);
    assertThat(reason()).contains("enough resource");
  }

  @Test
  void replacesThePodWhoseResizeIsNotFeasible() {
    run();
    change(MORE_CPU);
    resources("3", "1Gi", "2", "1Gi");
    pending("Infeasible", "Node didn't have enough capacity");

    assertThat(reason()).contains("enough capacity");
  }

  @Test
  void configuresTheEngineForWhatALimitRangeGave() {
    views.unit = Manifests.unit(UnitViews.BY_HAND);
    run();
    resources("1", "640Mi", "1", "640Mi");

    UnitDecision decision = views.decide();

    assertThat(document(decision).limits().memoryBytes()).isEqualTo(640L << 20);
    assertThat(decision.pod())
        .isInstanceOfSatisfying(PodStep.Keep.class, keep -> assertThat(keep.current()).isTrue());
  }

  private void run() {
    views.runPod();
    views.agentReports();
  }

  private void change(String resources) {
    views.unit = Manifests.unit(UnitViews.BY_HAND, resources);
  }

  private String reason() {
    return ((PodStep.Delete) views.decide().pod()).reason();
  }

  private String condition(String type) {
    return views.status().conditions().stream()
        .filter(condition -> type.equals(condition.getType()))
        .findFirst()
        .orElseThrow()
        .getMessage();
  }

  private static InstanceDocument document(UnitDecision decision) {
    return Documents.read(decision.configMap().orElseThrow().getData()).orElseThrow();
  }

  private void annotate(String key, String value) {
    views.pod =
        Optional.of(
            new PodBuilder(views.pod.orElseThrow())
                .editMetadata()
                .addToAnnotations(key, value)
                .endMetadata()
                .build());
  }

  /** What the Pod asks for, and what its container has. */
  private void resources(String cpu, String memory, String actualCpu, String actualMemory) {
    Pod pod =
        new PodBuilder(views.pod.orElseThrow())
            .editSpec()
            .editFirstContainer()
            .withResources(resources(cpu, memory))
            .endContainer()
            .endSpec()
            .editStatus()
            .withContainerStatuses()
            .addNewContainerStatus()
            .withName("acme")
            .withResources(resources(actualCpu, actualMemory))
            .endContainerStatus()
            .endStatus()
            .build();
    views.pod = Optional.of(pod);
  }

  private static ResourceRequirements resources(String cpu, String memory) {
    var resources = new ResourceRequirements();
    resources.setLimits(Map.of("cpu", new Quantity(cpu), "memory", new Quantity(memory)));
    resources.setRequests(Map.of("cpu", new Quantity("1"), "memory", new Quantity(memory)));
    return resources;
  }

  private void pending(String reason, String message) {
    views.pod =
        Optional.of(
            new PodBuilder(views.pod.orElseThrow())
                .editStatus()
                .addNewCondition()
                .withType("PodResizePending")
                .withStatus("True")
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(UnitViews.NOW.toString())
                .endCondition()
                .endStatus()
                .build());
  }

  /** The agent has made the configuration for the document as it is. */
  private void reports(boolean pendingRestart) {
    views.agentReports(pendingRestart, List.of(), List.of());
  }
}
