package io.upm.runtime.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.TrialStatus.Phase;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.backup.TrialDecision.Step;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Owners;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecideTrialTest {
  private final TrialWorld world = new TrialWorld("verify: {}");

  @Test
  void concernsOnlyWhatSucceededAndIsToBeTried() {
    assertThat(DecideTrial.concerns(world.backup)).isTrue();
    assertThat(DecideTrial.concerns(new TrialWorld("").backup)).isFalse();
    world.backup.setSpec(world.backup.getSpec().toDiscard());
    assertThat(DecideTrial.concerns(world.backup)).isFalse();
    assertThat(DecideTrial.concerns(Backups.backup("verify: {}"))).isFalse();
  }

  @Test
  void isRestoredCheckedRemovedAndVerified() {
    TrialDecision begin = world.look();
    assertThat(begin.step()).isEqualTo(Step.NONE);
    assertPhase(Phase.STARTING);
    assertThat(world.look().step()).isEqualTo(Step.MAKE_SET);
    assertPhase(Phase.STARTING);
    world.look();
    assertPhase(Phase.RESTORING);
    world.restore(GrpcCallStatus.Phase.SUCCEEDED);
    world.look();
    assertPhase(Phase.CHECKING);
    assertThat(world.look().step()).isEqualTo(Step.MAKE_CHECK);
    world.look();
    world.check(GrpcCallStatus.Phase.SUCCEEDED);
    world.look();
    assertPhase(Phase.REMOVING);
    assertThat(Conditions.find(world.status().conditions(), "Verified")).isEmpty();
    assertThat(world.look().step()).isEqualTo(Step.REMOVE_SET);
    world.look();
    assertPhase(Phase.REMOVING);
    world.collect();
    world.look();

    assertPhase(Phase.SUCCEEDED);
    assertThat(world.made).containsExactly("set", "check", "removal");
    var trial = Objects.requireNonNull(world.trial());
    assertThat(trial.restoreSeconds()).isEqualTo(42);
    assertThat(trial.checked()).isEqualTo(Map.of("tables", "3"));
    assertThat(trial.message()).isEqualTo("came back and is sound: it is said");
    assertThat(trial.completionTime()).isNotNull();
    assertThat(Conditions.isTrue(world.status().conditions(), "Verified")).isTrue();
    assertThat(Conditions.isTrue(world.status().conditions(), "Complete")).isTrue();
    assertThat(DecideTrial.concerns(world.backup)).isFalse();
  }

  @Test
  void theUnitSetIsOneUnitLikeTheOthersAndNobodyElses() {
    UnitSet set =
        TrialObjects.set(
            new TrialWorld(
                    "verify: {storages: [{name: data, size: 20Gi}], resources: {limits: {cpu: '1'}}}")
                .backup,
            world.original.orElseThrow().getSpec());

    assertThat(set.getMetadata().getName()).isEqualTo(TrialWorld.SET);
    assertThat(set.getMetadata().getLabels()).isEqualTo(Map.of("upm.io/trial-of", "nightly"));
    assertThat(Owners.controls(world.backup, set)).isTrue();
    var spec = set.getSpec();
    assertThat(spec.units()).isEqualTo(1);
    assertThat(spec.version()).isEqualTo("1.2.3");
    assertThat(spec.pluginVersion()).isEqualTo("1.0.0");
    assertThat(spec.topology()).isNull();
    assertThat(spec.externalService()).isNull();
    assertThat(spec.extraVolume()).hasSize(1);
    assertThat(spec.parameters()).containsKey("max_links");
    assertThat(spec.storages())
        .extracting(storage -> storage.name() + storage.size())
        .containsExactly("data20Gi", "log5Gi");
    assertThat(Objects.requireNonNull(spec.resources()).limits()).containsKey("cpu");
    assertThat(Objects.requireNonNull(spec.restoreFrom()).backup()).isEqualTo("nightly");
    assertThat(Objects.requireNonNull(spec.persistentVolumeClaimRetentionPolicy()).deletesWithSet())
        .isTrue();
  }

  @Test
  void namesFitWhateverTheBackupIsCalled() {
    world.backup.getMetadata().setName("n".repeat(40) + "." + "m".repeat(22));
    assertThat(TrialObjects.setName(world.backup))
        .hasSizeLessThanOrEqualTo(50)
        .matches("[-a-z0-9]+");
  }

  @Test
  void theCheckGetsWhatTheBackupTold() {
    begun();
    world.restore(GrpcCallStatus.Phase.SUCCEEDED);
    world.look();
    world.look();
    GrpcCall call = world.checker.orElseThrow();
    assertThat(call.getSpec().targetUnit()).isEqualTo(TrialWorld.SET + "-0");
    assertThat(call.getSpec().action()).isEqualTo("inspect");
    assertThat(call.getSpec().parameterTree().toString()).isEqualTo("{\"page\":\"9\"}");
    assertThat(call.getSpec().deadlineSeconds()).isEqualTo(21_600);
  }

  @Test
  void whatIsWrongIsSaidAndAllIsRemoved() {
    begun();
    world.restore(GrpcCallStatus.Phase.FAILED);
    assertFails("can't be restored: it is said");
  }

  @Test
  void whatTheCheckFindsIsSaid() {
    begun();
    world.restore(GrpcCallStatus.Phase.SUCCEEDED);
    world.look();
    world.look();
    world.check(GrpcCallStatus.Phase.FAILED);
    assertFails("came back, but: it is said");
  }

  @Test
  void oneThatTakesTooLongFailsWithWhatItWaitedFor() {
    begun();
    world.now = Backups.NOW.plus(Duration.ofHours(6));
    assertFails("did not end within 21600 s: waits for UnitSet " + TrialWorld.SET);
  }

  @Test
  void oneWhoseSetIsDeletedFails() {
    begun();
    world.set = Optional.empty();
    assertFails("UnitSet %s was deleted meanwhile".formatted(TrialWorld.SET));
  }

  @Test
  void aUnitSetOfSomebodyElseIsNeverRemoved() {
    world.look();
    UnitSet other = TrialObjects.set(world.backup, world.original.orElseThrow().getSpec());
    other.getMetadata().getOwnerReferences().clear();
    world.set = Optional.of(other);
    assertThat(world.look().step()).isEqualTo(Step.NONE);
    assertPhase(Phase.FAILED);
    assertThat(world.set).contains(other);
  }

  @Test
  void waitsForAnotherAndForThePlugin() {
    world.before = Optional.of("weekly");
    world.look();
    assertPhase(Phase.PENDING);
    assertMessage(
        "waits for the end of the trial of Backup weekly: there is one at a time in a namespace");
    world.plugin = false;
    world.look();
    assertMessage("waits that there is a plugin for \"acme\"");
    world.plugin = true;
    world.before = Optional.empty();
    world.look();
    assertPhase(Phase.STARTING);
  }

  @Test
  void oneThatCantBeTriedIsNotVerified() {
    world.original = Optional.empty();
    world.look();
    assertPhase(Phase.FAILED);
    assertMessage("the UnitSet that it is of isn't there, after which one would be made");
    assertThat(Conditions.find(world.status().conditions(), "Verified").orElseThrow().getStatus())
        .isEqualTo("False");
  }

  @Test
  void oneWhoseBackupIsToGoEndsFirst() {
    begun();
    world.backup.setSpec(world.backup.getSpec().toDiscard());
    assertThat(DecideTrial.concerns(world.backup)).isTrue();
    world.look();
    assertPhase(Phase.REMOVING);
    world.look();
    world.collect();
    world.look();
    assertPhase(Phase.FAILED);
    assertThat(Conditions.find(world.status().conditions(), "Verified")).isEmpty();
    assertThat(DecideTrial.concerns(world.backup)).isFalse();
  }

  private void begun() {
    world.look();
    world.look();
    world.look();
    assertPhase(Phase.RESTORING);
  }

  private void assertFails(String message) {
    world.look();
    assertPhase(Phase.REMOVING);
    world.look();
    world.collect();
    world.look();
    assertPhase(Phase.FAILED);
    assertMessage(message);
    assertThat(world.set).isEmpty();
    var verified = Conditions.find(world.status().conditions(), "Verified").orElseThrow();
    assertThat(verified.getStatus()).isEqualTo("False");
    assertThat(verified.getMessage()).isEqualTo(message);
  }

  private void assertPhase(Phase phase) {
    assertThat(Objects.requireNonNull(world.trial()).phase()).isEqualTo(phase);
  }

  private void assertMessage(String message) {
    assertThat(Objects.requireNonNull(world.trial()).message()).isEqualTo(message);
  }
}
