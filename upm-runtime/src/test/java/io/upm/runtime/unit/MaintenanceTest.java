package io.upm.runtime.unit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.upm.runtime.testing.Manifests;
import io.upm.runtime.unit.UnitDecision.PodStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users say about what runs, and what they do to it by hand. */
class MaintenanceTest {
  private static final String OTHER_IMAGE = "spec/template/spec/containers/0/image=acme:2.0.1";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spec/maintenance=true",
        "metadata/annotations={unit-operator/maintenance: 'true'}"
      })
  void changesNothingInMaintenance(String maintenance) {
    var views = new UnitViews();
    views.runPod();
    views.agentReports();
    String before = views.decide().agent().orElseThrow().desired().document();
    views.unit =
        Manifests.unit(
            UnitViews.BY_HAND, maintenance, OTHER_IMAGE, "spec/parameters={max_links: 7}");

    UnitDecision decision = views.decide();

    assertThat(decision.pod()).isInstanceOf(PodStep.Keep.class);
    assertThat(decision.configMap()).isEmpty();
    assertThat(decision.claims()).isEmpty();
    assertThat(decision.agent().orElseThrow().desired().document()).isEqualTo(before);
    assertThat(decision.agent().orElseThrow().desired().engine()).isEmpty();
    assertThat(views.waitingFor().predicate()).contains("end of maintenance");
    assertThat(views.status().phase()).isEqualTo(io.upm.runtime.api.UnitStatus.Phase.READY);

    views.pod = Optional.empty();
    assertThat(views.decide().pod())
        .isEqualTo(new PodStep.Wait("no Pod is made: the Unit is in maintenance"));
    views.unit = Manifests.unit(UnitViews.BY_HAND, OTHER_IMAGE);
    assertThat(views.decide().pod()).isInstanceOf(PodStep.Create.class);
  }

  @Test
  void keepsAPodThatEndedWhenTheUserWantsToLookAtIt() {
    var views = new UnitViews("spec/failedPodRecoveryPolicy={enabled: false}");
    views.runPod();
    views.pod = Optional.of(ended(views.pod.orElseThrow()));

    assertThat(views.decide().pod()).isInstanceOf(PodStep.Wait.class);
    assertThat(views.waitingFor().unblock()).isEqualTo("delete it to have another one");
  }

  @Test
  void keepsAPodThatEndedForAsLongAsTheUserWants() {
    var views = new UnitViews("spec/failedPodRecoveryPolicy={reconcileThreshold: 6}");
    views.runPod();
    views.pod = Optional.of(ended(views.pod.orElseThrow()));

    assertThat(views.decide().recheck()).contains(Duration.ofSeconds(50));
    views.now = UnitViews.NOW.plusSeconds(50);
    assertThat(views.decide().pod()).isInstanceOf(PodStep.Delete.class);
  }

  @Test
  void tellsWhatSomebodyChangedInThePodAndLeavesItToHim() {
    var views = new UnitViews();
    views.runPod();
    Pod pod = views.pod.orElseThrow();
    var fields = new FieldsV1();
    fields.setAdditionalProperty(
        "f:spec",
        Map.of("f:containers", Map.of("k:{\"name\":\"acme\"}", Map.of("f:image", Map.of()))));
    pod.getMetadata()
        .setManagedFields(
            List.of(
                new ManagedFieldsEntryBuilder()
                    .withManager("kubectl-set")
                    .withOperation("Update")
                    .withFieldsV1(fields)
                    .build()));
    pod.getSpec().getContainers().getFirst().setImage("acme:9");

    assertThat(views.decide().pod())
        .isInstanceOfSatisfying(PodStep.Keep.class, keep -> assertThat(keep.patch()).isEmpty());
    assertThat(views.status().conditions())
        .filteredOn(condition -> condition.getType().equals("Updated"))
        .singleElement()
        .satisfies(condition -> {
          assertThat(condition.getReason()).isEqualTo("ChangedByHand");
          assertThat(condition.getMessage())
              .startsWith("kubectl-set changed image of container acme");
        });
  }

  @Test
  void leavesAClaimThatCannotGrowAndSaysWhy() {
    var views = new UnitViews();
    var claim = views.decide().claims().getFirst();
    views.claims =
        Map.of(
            "solo-0-data",
            new PersistentVolumeClaimBuilder(claim)
                .withNewStatus()
                .addToCapacity("storage", new Quantity("100Gi"))
                .endStatus()
                .build());
    views.unit =
        Manifests.unit(
            UnitViews.BY_HAND,
            "spec/volumeClaimTemplates/0/spec/resources={requests: {storage: 200Gi}}");
    assertThat(size(views)).isEqualTo("200Gi");
    assertThat(sized(views)).isEqualTo("claim solo-0-data holds 100Gi and grows to 200Gi");

    views.place =
        new UnitView.Place(
            Optional.empty(),
            List.of(),
            Map.of("solo-0-data", "StorageClass \"standard\" does not allow volumes to grow"),
            List.of());
    assertThat(size(views)).isEqualTo("100Gi");
    assertThat(sized(views))
        .isEqualTo(
            "claim solo-0-data keeps its size: StorageClass \"standard\" does not allow volumes to"
                + " grow");
  }

  private static String size(UnitViews views) {
    return String.valueOf(
        views.decide().claims().getFirst().getSpec().getResources().getRequests().get("storage"));
  }

  private static String sized(UnitViews views) {
    return views.status().conditions().stream()
        .filter(condition -> condition.getType().equals("VolumesSized"))
        .findFirst()
        .orElseThrow()
        .getMessage();
  }

  private static Pod ended(Pod pod) {
    return new PodBuilder(pod)
        .editStatus()
        .withPhase("Failed")
        .addNewContainerStatus()
        .withName("acme")
        .withNewState()
        .withNewTerminated()
        .withExitCode(1)
        .withFinishedAt("2026-11-21T11:59:50Z")
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
