package io.upm.runtime.unit;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.agent.AgentView;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.testing.Manifests;
import io.upm.runtime.unit.UnitDecision.RestoreStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Units whose restore names a Backup. */
class NamedBackupTest {
  private static final String SUCCEEDED = "status: {phase: Succeeded, location: 's3://x/1/'}";

  private final UnitViews views = new UnitViews("spec/restoreFrom={backup: nightly}");

  @Test
  void theBackupSaysWhereItIsAndWhatOpensIt() {
    GrpcCall call = made();

    assertThat(call.getMetadata().getName()).matches("solo-0-restore-[0-9a-f]{8}");
    assertThat(call.getSpec().targetUnit()).isEqualTo("solo-0");
    assertThat(call.getSpec().action()).isEqualTo("polish");
    assertThat(call.getSpec().parameterTree().toString())
        .isEqualTo("{\"shelf\":\"top\",\"source\":\"s3://x/1/\"}");
    assertThat(call.getSpec().secretName()).contains("keys");
    assertThat(call.getSpec().retries()).isEqualTo(3);
  }

  @Test
  void whatIsGivenBesideItGoesFirst() {
    views.unit =
        Manifests.unit(
            UnitViews.BY_HAND,
            "spec/restoreFrom={backup: nightly, parameters: {until: noon, shelf: low},"
                + " secretRef: {name: mine}}");

    GrpcCall call = made();

    assertThat(call.getSpec().parameterTree().toString())
        .isEqualTo("{\"shelf\":\"low\",\"until\":\"noon\",\"source\":\"s3://x/1/\"}");
    assertThat(call.getSpec().secretName()).contains("mine");
  }

  @Test
  void whateverBecomesOfItNoOtherCallIsMade() {
    GrpcCall call = made();
    assertThat(needsBackup()).isTrue();
    call.setStatus(
        new GrpcCallStatus(
            1L,
            GrpcCallStatus.Phase.RUNNING,
            null,
            "loads",
            null,
            null,
            1,
            null,
            null,
            null,
            Map.of(),
            List.of(),
            null,
            List.of()));
    views.restores = List.of(call);

    assertThat(needsBackup()).isFalse();
    views.backup = Optional.empty();
    assertThat(views.decide().restore().orElseThrow()).isInstanceOf(RestoreStep.Await.class);
    views.backup = Optional.of(backup("status: {phase: Succeeded, location: 's3://x/2/'}"));
    assertThat(views.decide().restore().orElseThrow()).isInstanceOf(RestoreStep.Await.class);

    views.restores = List.of();
    assertThat(made().getMetadata().getName()).isEqualTo(call.getMetadata().getName());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {phase: Pending, message: waits} | the end of Backup nightly: waits
          {phase: Running, message: dumps} | the end of Backup nightly: dumps
          {} | the end of Backup nightly
          {phase: Failed, message: no room} | data: Backup nightly did not succeed: no room
          {phase: Discarding, location: x} | data: Backup nightly is being removed
          {phase: Succeeded, location: x, values: {base: 's3://x/0/'}} | data: Backup nightly can't be restored by itself, as it goes on from that at s3://x/0/: name that one
          """)
  void whatItIsWaitedForIsSaid(String status, String awaited) {
    assertLacks(backup("status: " + status), awaited);
  }

  @Test
  void oneThatIsNoneForThisUnitIsSaid() {
    Backup other = backup(SUCCEEDED);
    other.setSpec(
        Manifests.SERIALIZATION.convertValue(
            Manifests.tree("{type: other, action: copy, unit: x}"),
            io.upm.runtime.api.BackupSpec.class));
    assertLacks(other, "data: Backup nightly is of \"other\", and this Unit is \"acme\"");

    Backup going = backup(SUCCEEDED);
    going.setSpec(going.getSpec().toDiscard());
    assertLacks(going, "data: Backup nightly is being removed");

    reportNoData();
    views.backup = Optional.empty();
    assertThat(views.waitingFor().predicate()).isEqualTo("Backup nightly, which isn't there");
    assertThat(views.waitingFor().unblock())
        .isEqualTo("make it, or name another Backup in spec.restoreFrom of the UnitSet");
  }

  private void assertLacks(Backup backup, String awaited) {
    reportNoData();
    views.backup = Optional.of(backup);
    UnitDecision decision = views.decide();
    assertThat(decision.restore().orElseThrow()).isInstanceOf(RestoreStep.Lack.class);
    assertThat(decision.recheck()).contains(Duration.ofSeconds(5));
    assertThat(views.waitingFor().predicate()).isEqualTo(awaited);
  }

  private GrpcCall made() {
    reportNoData();
    views.backup = Optional.of(backup(SUCCEEDED));
    return ((RestoreStep.Make) views.decide().restore().orElseThrow()).call();
  }

  private boolean needsBackup() {
    UnitView view = views.view();
    return RestoreCalls.needsBackup(view.unit(), view.children(), view.agent());
  }

  private void reportNoData() {
    if (views.pod.isEmpty()) {
      views.runPod();
    }
    views.agent =
        Optional.of(
            new AgentView(
                true,
                UnitViews.NOW,
                "",
                Optional.of(views.report(AgentView.Process.AWAITING_RESTORE, false))));
  }

  private static Backup backup(String status) {
    return Manifests.SERIALIZATION.unmarshal(
        """
        apiVersion: upm.syntropycloud.io/v1alpha1
        kind: Backup
        metadata: {name: nightly, namespace: demo, uid: backup-uid}
        spec:
          unitSet: orders
          type: acme
          action: copy
          parameters: {shelf: top, how: slow}
          secretRef: {name: keys}
        """
            + status,
        Backup.class);
  }
}
