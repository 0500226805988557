package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.agent.UnitKey;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.TrialStatus;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.testing.PretendedOperation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Backups that are restored for trial; what agents do is up to the test. */
@Tag("side-by-side")
class TrialIT {
  private ControllerScene scene;

  @BeforeEach
  void open() throws IOException {
    scene = new ControllerScene();
    scene.cluster().apply("db", "spec/units=1");
    scene.awaitReady("db", 1);
  }

  @AfterEach
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void isRestoredCheckedAndRemovedWhateverRestarts() {
    make("first");
    awaitOperation("db-0").succeed("copied", Map.of("backup", "s3://shelf/1/", "page", "9"));
    String set = set("first");
    PretendedOperation restoring = awaitOperation(set + "-0");
    assertThat(restoring.order().action()).isEqualTo("polish");
    assertThat(restoring.order().parameters())
        .isEqualTo("{\"shelf\":\"top\",\"source\":\"s3://shelf/1/\"}");

    make("second");
    awaitOperation("db-0").succeed("copied", Map.of("backup", "s3://shelf/2/"));
    assertThat(awaitTrial("second", TrialStatus.Phase.PENDING).message())
        .isEqualTo(
            "waits for the end of the trial of Backup first: there is one at a time in a"
                + " namespace");

    scene.restartBesideAgents();
    assertThat(scene.names(UnitSet.class)).containsExactlyInAnyOrder("db", set);
    restoring.succeed("restored");
    scene.runtime().agents().fill(new UnitKey(scene.cluster().namespace(), set + "-0"));
    awaitTrial("first", TrialStatus.Phase.CHECKING);
    PretendedOperation checking = awaitOperation(set + "-0");
    assertThat(checking.order().action()).isEqualTo("inspect");
    assertThat(checking.order().parameters()).isEqualTo("{\"page\":\"9\"}");
    scene.restartBesideAgents();
    checking.succeed("3 pages are sound", Map.of("pages", "3"));

    TrialStatus trial = awaitTrial("first", TrialStatus.Phase.SUCCEEDED);
    assertThat(trial.message()).isEqualTo("came back and is sound: 3 pages are sound");
    assertThat(trial.checked()).isEqualTo(Map.of("pages", "3"));
    assertThat(trial.restoreSeconds()).isNotNull();
    assertThat(scene.names(UnitSet.class)).doesNotContain(set);
    assertThat(claims(set)).isEmpty();
    BackupStatus status = Objects.requireNonNull(backup("first").require().getStatus());
    assertThat(Conditions.isTrue(status.conditions(), "Verified")).isTrue();
    assertThat(Conditions.isTrue(status.conditions(), "Complete")).isTrue();

    String next = set("second");
    awaitOperation(next + "-0").fail("there is no such backup", false);
    assertThat(awaitTrial("second", TrialStatus.Phase.FAILED).message())
        .isEqualTo("can't be restored: there is no such backup");
    assertThat(claims(next)).isEmpty();
    assertThat(scene.names(UnitSet.class)).containsExactly("db");
    await()
        .during(QUIET)
        .atMost(SOON)
        .until(() -> scene.names(UnitSet.class).equals(List.of("db")));
  }

  @Test
  void oneThatIsDiscardedEndsFirst() {
    make("going");
    awaitOperation("db-0").succeed("copied", Map.of("backup", "s3://shelf/1/"));
    String set = set("going");
    awaitOperation(set + "-0");

    backup("going")
        .patch(
            new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).build(),
            "{\"spec\":{\"discard\":true}}");

    PretendedOperation shredding = awaitOperation("db-0");
    assertThat(shredding.order().action()).isEqualTo("shred");
    assertThat(scene.names(UnitSet.class)).containsExactly("db");
    assertThat(claims(set)).isEmpty();
    shredding.succeed("shredded");
    await().atMost(SOON).until(() -> backup("going").get() == null);
  }

  private void make(String name) {
    scene
        .cluster()
        .client()
        .resource(
            """
            apiVersion: upm.syntropycloud.io/v1alpha1
            kind: Backup
            metadata: {name: %s, namespace: %s}
            spec:
              type: acme
              unitSet: db
              action: copy
              parameters: {shelf: top, how: slow}
              secretRef: {name: db-secret}
              verify: {}
            """
                .formatted(name, scene.cluster().namespace()))
        .create();
  }

  private Resource<Backup> backup(String name) {
    return scene
        .cluster()
        .client()
        .resources(Backup.class)
        .inNamespace(scene.cluster().namespace())
        .withName(name);
  }

  private TrialStatus awaitTrial(String name, TrialStatus.Phase phase) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(trial(name)).get().extracting(TrialStatus::phase).isEqualTo(phase));
    return trial(name).orElseThrow();
  }

  private String set(String name) {
    return Objects.requireNonNull(awaitTrial(name, TrialStatus.Phase.RESTORING).unitSet());
  }

  private Optional<TrialStatus> trial(String name) {
    return Optional.ofNullable(backup(name).require().getStatus()).map(BackupStatus::trial);
  }

  /** The one that is under way at a unit. */
  private PretendedOperation awaitOperation(String unit) {
    return await().atMost(SOON).until(() -> operation(unit), Optional::isPresent).orElseThrow();
  }

  private Optional<PretendedOperation> operation(String unit) {
    List<GrpcCall> open =
        scene.cluster().all(GrpcCall.class).stream()
            .filter(call -> call.getSpec().targetUnit().equals(unit))
            .filter(call -> call.getStatus() == null || !call.getStatus().ended())
            .toList();
    return open.size() == 1
        ? scene.runtime().agents().operation(open.getFirst().getMetadata().getUid() + "-1")
        : Optional.empty();
  }

  private List<String> claims(String set) {
    return scene.names(PersistentVolumeClaim.class).stream()
        .filter(name -> name.startsWith(set))
        .toList();
  }
}
