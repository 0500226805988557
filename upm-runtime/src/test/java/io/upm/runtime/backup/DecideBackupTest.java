package io.upm.runtime.backup;

import static io.upm.runtime.backup.Backups.NOW;
import static io.upm.runtime.backup.Backups.REPLICA;
import static io.upm.runtime.backup.Backups.SOURCE;
import static io.upm.runtime.backup.Backups.backup;
import static io.upm.runtime.backup.Backups.call;
import static io.upm.runtime.backup.Backups.view;
import static io.upm.runtime.backup.Backups.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.BackupStatus.Phase;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.backup.BackupDecision.Step;
import io.upm.runtime.backup.BackupView.Candidate;
import io.upm.runtime.testing.Manifests;
import io.upm.spi.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecideBackupTest {
  private static final Map<String, String> VALUES =
      Map.of("backup", "s3://b/x/", "bytes", "200", "storedBytes", "50", "gtidExecuted", "a:1-9");

  @Test
  void aReplicaIsTakenBeforeTheSource() {
    assertThat(picked("", SOURCE, REPLICA)).isEqualTo("orders-1");
    assertThat(picked("", SOURCE, REPLICA, new Candidate("orders-2", "orders", 2, true, false, "")))
        .isEqualTo("orders-2");
    assertThat(picked("", SOURCE, new Candidate("orders-1", "orders", 1, false, false, "")))
        .isEqualTo("orders-0");
    assertThat(picked("unit: orders-0", SOURCE, REPLICA)).isEqualTo("orders-0");
  }

  @Test
  void withoutAReadyUnitItWaitsAndAtTheDeadlineItHasFailed() {
    var other = new Candidate("bills-0", "bills", 0, true, true, "1");
    Backup backup = backup("deadlineSeconds: 60");

    BackupDecision waiting = DecideBackup.decide(view(backup, Optional.empty(), other));
    BackupDecision late =
        DecideBackup.decide(view(backup, Optional.empty(), NOW.plusSeconds(60), other));

    assertThat(waiting.step()).isEqualTo(Step.NONE);
    assertThat(waiting.message()).isEqualTo("waits that a Unit of UnitSet orders is ready");
    assertThat(waiting.recheck()).contains(DecideBackup.PAUSE);
    assertThat(late.phase()).isEqualTo(Phase.FAILED);
    assertThat(late.message()).isEqualTo("its deadline of 60 s is over");
  }

  @Test
  void whatIsWrongFailsInOneSentence() {
    BackupDecision decision =
        DecideBackup.decide(
            new BackupView(
                backup(""),
                List.of(new Problem("spec.action", "sing", "one that makes backups: copy")),
                true,
                Optional.empty(),
                List.of(SOURCE),
                Optional.empty(),
                Optional.empty(),
                NOW));

    assertThat(decision.phase()).isEqualTo(Phase.FAILED);
    assertThat(decision.message())
        .isEqualTo("spec.action: \"sing\" is not allowed: one that makes backups: copy");
  }

  @Test
  void oneCallMakesItAndOneThatIsGoneIsNotMadeAgain() {
    Backup backup = backup("");
    BackupView view = view(backup, Optional.empty(), SOURCE, REPLICA);
    BackupDecision decision = DecideBackup.decide(view);
    assertThat(decision.step()).isEqualTo(Step.MAKE);

    // A crash before the status is written: the same call again, by its name.
    assertThat(DecideBackup.decide(view)).isEqualTo(decision);
    BackupStatus status = BackupReport.status(view, decision);
    assertThat(status.call()).isEqualTo("nightly-01234567");
    assertThat(status.unit()).isEqualTo("orders-1");
    assertThat(status.engineVersion()).isEqualTo("1.2.3");

    BackupDecision gone =
        DecideBackup.decide(view(with(backup, status), Optional.empty(), SOURCE, REPLICA));

    assertThat(gone.phase()).isEqualTo(Phase.FAILED);
    assertThat(gone.message()).contains("nightly-01234567 was deleted before it was seen to end");
  }

  @Test
  void whatTheCallToldIsKept() {
    Backup backup = backup("");
    BackupStatus status = succeed(backup);

    assertThat(status.phase()).isEqualTo(Phase.SUCCEEDED);
    assertThat(status.location()).isEqualTo("s3://b/x/");
    assertThat(status.bytes()).isEqualTo(200);
    assertThat(status.storedBytes()).isEqualTo(50);
    assertThat(status.values()).isEqualTo(Map.of("gtidExecuted", "a:1-9"));
    assertThat(status.plugin()).isEqualTo("1.0.0");
    assertThat(status.completionTime()).isEqualTo(NOW.plusSeconds(60).toString());
    assertThat(status.conditions()).extracting("type").containsExactly("Complete");

    // The database, the plugin and the call are gone.
    var later = view(with(backup, status), Optional.empty(), NOW.plusSeconds(999));
    BackupDecision decision = DecideBackup.decide(later);
    assertThat(decision.step()).isEqualTo(Step.NONE);
    assertThat(BackupReport.status(later, decision)).isEqualTo(status);
  }

  @Test
  void whatIsDiscardedIsCancelledWhileItIsMade() {
    Backup backup = backup("discard: true");
    GrpcCall running = call(backup, GrpcCallStatus.Phase.RUNNING, Map.of());

    assertThat(DecideBackup.decide(view(backup, Optional.empty(), REPLICA)).step())
        .isEqualTo(Step.DELETE);
    assertThat(DecideBackup.decide(view(backup, Optional.of(running), REPLICA)).step())
        .isEqualTo(Step.CANCEL);
    running.setSpec(
        Manifests.SERIALIZATION.convertValue(
            Manifests.tree("{targetUnit: orders-1, type: acme, action: copy, cancel: true}"),
            GrpcCallSpec.class));
    assertThat(DecideBackup.decide(view(backup, Optional.of(running), REPLICA)).step())
        .isEqualTo(Step.NONE);
  }

  @Test
  void whatIsStoredGoesBeforeTheObject() {
    Backup backup = backup("discard: true");
    BackupStatus status = succeed(backup);
    with(backup, status);
    var elsewhere = new Candidate("bills-0", "bills", 0, true, true, "1");

    BackupDecision remove = DecideBackup.decide(view(backup, Optional.empty(), elsewhere));
    BackupDecision waits = DecideBackup.decide(view(backup, Optional.empty()));
    GrpcCall call = call(backup, GrpcCallStatus.Phase.FAILED, Map.of());
    BackupDecision failed =
        DecideBackup.decide(view(backup, Optional.of(call), NOW.plusSeconds(61), elsewhere));
    BackupDecision again =
        DecideBackup.decide(
            view(
                backup,
                Optional.of(call),
                NOW.plusSeconds(60).plus(DecideBackup.REMOVE_AGAIN),
                elsewhere));
    BackupDecision done =
        DecideBackup.decide(
            view(
                backup,
                Optional.of(call(backup, GrpcCallStatus.Phase.SUCCEEDED, Map.of())),
                elsewhere));

    assertThat(remove.step()).isEqualTo(Step.REMOVE);
    assertThat(remove.phase()).isEqualTo(Phase.DISCARDING);
    assertThat(remove.unit()).contains(elsewhere);
    assertThat(waits.message())
        .isEqualTo("waits that a Unit of acme is ready, to remove what is stored");
    assertThat(failed.step()).isEqualTo(Step.NONE);
    assertThat(failed.message())
        .isEqualTo("what is stored can't be removed, which is tried again: it is said");
    assertThat(again.step()).isEqualTo(Step.REMOVE_AGAIN);
    assertThat(done.step()).isEqualTo(Step.DELETE);
  }

  @Test
  void theRemoverGetsThePlaceAndWhatItTakesOfTheParameters() {
    GrpcCall call = BackupCalls.remover(backup(""), "orders-1", "s3://b/x/", Backups.REMOVAL);

    assertThat(call.getMetadata().getName()).isEqualTo("nightly-01234567-discard");
    assertThat(call.getSpec().action()).isEqualTo("shred");
    assertThat(call.getSpec().secretName()).contains("keys");
    assertThat(call.getSpec().parameterTree().toString())
        .isEqualTo("{\"shelf\":\"top\",\"source\":\"s3://b/x/\"}");
  }

  private static BackupStatus succeed(Backup backup) {
    var view =
        view(backup, Optional.of(call(backup, GrpcCallStatus.Phase.SUCCEEDED, VALUES)), REPLICA);
    return BackupReport.status(view, DecideBackup.decide(view));
  }

  private static String picked(String more, Candidate... units) {
    return DecideBackup.decide(view(backup(more), Optional.empty(), units))
        .unit()
        .map(Candidate::name)
        .orElse("none");
  }
}
