package io.upm.runtime.unit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.GrpcCallStatus.Phase;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.testing.Manifests;
import io.upm.runtime.unit.UnitDecision.RestoreStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestoreCallsTest {
  private static final String FROM =
      "spec/restoreFrom={action: polish, parameters: {source: shelf}, secretRef: {name: store}}";
  private static final String OTHER = "spec/restoreFrom={action: polish, parameters: {source: b}}";

  private final UnitViews views = new UnitViews(FROM);

  @Test
  void thereIsNoneBeforeTheAgentSaysThatThereAreNoData() {
    views.runPod();
    assertThat(views.decide().restore()).isEmpty();
    views.agentReports();
    assertThat(views.decide().restore()).isEmpty();
    says(AgentView.Process.STOPPED);
    assertThat(views.decide().restore()).isEmpty();
  }

  @Test
  void thereIsNoneForAUnitThatBeginsEmpty() {
    views.unit = Manifests.unit(UnitViews.BY_HAND);
    views.runPod();
    says(AgentView.Process.AWAITING_RESTORE);

    assertThat(views.decide().restore()).isEmpty();
  }

  @Test
  void theAgentIsToldToAwaitIt() {
    views.runPod();
    assertThat(Documents.held(views.view()).orElseThrow().awaitsRestore()).isTrue();
  }

  @Test
  void itIsMadeOnceAndAwaited() {
    GrpcCall call = made();
    assertThat(call.getMetadata().getName()).matches("solo-0-restore-[0-9a-f]{8}");
    assertThat(call.getMetadata().getLabels()).isEqualTo(Map.of("upm.io/restores", "solo-0"));
    assertThat(call.getSpec().targetUnit()).isEqualTo("solo-0");
    assertThat(call.getSpec().type()).isEqualTo("acme");
    assertThat(call.getSpec().action()).isEqualTo("polish");
    assertThat(call.getSpec().parameterTree().path("source").textValue()).isEqualTo("shelf");
    assertThat(call.getSpec().secretName()).contains("store");

    is(call, Phase.RUNNING, "loads");

    assertThat(views.decide().restore().orElseThrow()).isInstanceOf(RestoreStep.Await.class);
    assertThat(views.status().phase()).isNotNull();
    assertThat(views.waitingFor().predicate())
        .isEqualTo(
            "GrpcCall %s to restore the data: loads".formatted(call.getMetadata().getName()));
  }

  @Test
  void oneThatFailedIsKeptAndSaysWhatToDo() {
    GrpcCall call = made();
    is(call, Phase.FAILED, "there is no backup");

    assertThat(views.decide().restore().orElseThrow()).isInstanceOf(RestoreStep.Await.class);
    assertThat(views.waitingFor().predicate())
        .isEqualTo(
            "data: GrpcCall %s could not restore them: there is no backup"
                .formatted(call.getMetadata().getName()));
    assertThat(views.waitingFor().unblock()).startsWith("mend spec.restoreFrom of the UnitSet");
  }

  @Test
  void oneThatSucceededIsNotMadeAgainForTheSameVolume() {
    GrpcCall call = made();
    is(call, Phase.SUCCEEDED, "done");

    assertThat(views.decide().restore().orElseThrow()).isInstanceOf(RestoreStep.Await.class);
    assertThat(views.waitingFor().unblock()).contains("delete GrpcCall");

    views.claims = Map.of("solo-0-data", claim("another"));

    assertThat(made().getMetadata().getName()).isNotEqualTo(call.getMetadata().getName());
  }

  /** With data in place it could run when the engine is stopped for something else. */
  @Test
  void oneThatHasNotBegunWhenThereAreDataNeverDoes() {
    GrpcCall call = made();
    is(call, Phase.PENDING, "waits");
    views.agentReports();

    assertThat(views.decide().restore())
        .containsInstanceOf(RestoreStep.Cancel.class)
        .get()
        .satisfies(step -> assertThat(step.awaited()).isEmpty());
    assertThat(views.status().phase()).isEqualTo(UnitStatus.Phase.READY);

    is(call, Phase.RUNNING, "stops in order");
    assertThat(views.decide().restore()).isEmpty();
  }

  @Test
  void anotherWishWaitsForTheEndOfTheOneBefore() {
    GrpcCall first = made();
    is(first, Phase.RUNNING, "loads");
    views.unit = Manifests.unit(UnitViews.BY_HAND, OTHER);

    assertThat(views.decide().restore().orElseThrow())
        .isInstanceOfSatisfying(
            RestoreStep.Cancel.class, cancel -> assertThat(cancel.call()).isEqualTo(first));

    is(first, Phase.CANCELLED, "cancelled");

    assertThat(made().getMetadata().getName()).isNotEqualTo(first.getMetadata().getName());
  }

  private static PersistentVolumeClaim claim(String uid) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName("solo-0-data")
        .withUid(uid)
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }

  private GrpcCall made() {
    if (views.pod.isEmpty()) {
      views.runPod();
    }
    says(AgentView.Process.AWAITING_RESTORE);
    return ((RestoreStep.Make) views.decide().restore().orElseThrow()).call();
  }

  private void is(GrpcCall call, Phase phase, String message) {
    call.setStatus(
        new GrpcCallStatus(
            1L, phase, null, message, null, null, 1, null, null, null, Map.of(), List.of(), null,
            List.of()));
    views.restores = List.of(call);
  }

  private void says(AgentView.Process process) {
    views.agent =
        Optional.of(
            new AgentView(true, UnitViews.NOW, "", Optional.of(views.report(process, false))));
  }
}
