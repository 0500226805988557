package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSchedule;
import io.upm.runtime.api.BackupScheduleStatus;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.Names;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.testing.PretendedOperation;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Schedules against a real API server; what agents do is up to the test. */
@Tag("side-by-side")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupSchedulesIT {
  private ControllerScene scene;

  @BeforeAll
  void open() throws IOException {
    scene = new ControllerScene();
    scene.cluster().applyUnit("solo-0");
  }

  @AfterAll
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void makesABackupWhenItIsDueRemovesTheOneBeforeAndLeavesThemWhenItIsDeleted() {
    // As if it had been made by the schedule: of the same label.
    create(
        """
        apiVersion: upm.syntropycloud.io/v1alpha1
        kind: Backup
        metadata: {name: first, namespace: %s, labels: {upm.io/backup-schedule: minutely}}
        spec: {unit: solo-0, type: acme, action: copy}
        """);
    succeed("first");
    schedule("minutely", "'* * * * *'", "retention: {keepLast: 1}, ");

    String second =
        await()
            .atMost(SOON)
            .until(
                () -> backups("minutely").stream().filter(name -> !name.equals("first")).findAny(),
                Optional::isPresent)
            .orElseThrow();
    Backup made = backup(second).require();
    assertThat(made.getMetadata().getOwnerReferences()).isEmpty();
    Instant time =
        Instant.parse(made.getMetadata().getAnnotations().get(Names.ANNOTATION_SCHEDULED));
    assertThat(time.getEpochSecond() % 60).isZero();
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(status("minutely").active()).isEqualTo(List.of(second)));
    succeed(second);

    GrpcCall removal = awaitCall("first", "-discard");
    assertThat(removal.getSpec().parameterTree().toString())
        .isEqualTo("{\"source\":\"s3://shelf/first/\"}");
    operation(removal).succeed("it is shredded");
    await().atMost(SOON).until(() -> backup("first").get() == null);
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          BackupScheduleStatus status = status("minutely");
          assertThat(status.lastSuccessfulBackup()).isEqualTo(second);
          assertThat(status.nextScheduleTime()).isNotNull();
          assertThat(Conditions.isTrue(status.conditions(), "Ready")).isTrue();
          assertThat(Conditions.isTrue(status.conditions(), "LastBackupSucceeded")).isTrue();
        });

    object(BackupSchedule.class, "minutely").delete();
    await().atMost(SOON).until(() -> object(BackupSchedule.class, "minutely").get() == null);
    String before = backup(second).require().getMetadata().getResourceVersion();
    await()
        .during(QUIET)
        .atMost(SOON)
        .until(() -> backup(second).require().getMetadata().getResourceVersion().equals(before));
  }

  @Test
  void whatIsWrongIsSaidInTheStatusAndNothingIsBegun() {
    schedule("bad", "'0 2 * * 8'", "timeZone: Mars, ");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(Conditions.find(status("bad").conditions(), "Ready").orElseThrow())
                .extracting("status", "reason", "message")
                .containsExactly(
                    "False",
                    "Invalid",
                    "spec.timeZone: \"Mars\" is not allowed: a name of the IANA time zones, such as"
                        + " Europe/Berlin; spec.schedule: \"0 2 * * 8\" is not allowed: five fields,"
                        + " minute, hour, day of the month, month and day of the week, such as"
                        + " \"0 2 * * *\""));
    assertThat(backups("bad")).isEmpty();

    assertThatThrownBy(() -> schedule("empty", "'0 2 * * *'", "retention: {}, "))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("keepLast or keepFor must be given");
    assertThatThrownBy(() -> schedule("long", "'0 2 * * *'", "retention: {keepFor: 2y}, "))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("keepFor");
  }

  private void schedule(String name, String cron, String more) {
    create(
        """
        apiVersion: upm.syntropycloud.io/v1alpha1
        kind: BackupSchedule
        metadata: {name: NAME, namespace: %s}
        spec: {schedule: CRON, MORE backup: {unit: solo-0, type: acme, action: copy}}
        """
            .replace("NAME", name)
            .replace("CRON", cron)
            .replace("MORE", more));
  }

  private void create(String yaml) {
    scene.cluster().client().resource(yaml.formatted(scene.cluster().namespace())).create();
  }

  private void succeed(String backup) {
    operation(awaitCall(backup, ""))
        .succeed("it is copied", Map.of("backup", "s3://shelf/%s/".formatted(backup)));
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(Objects.requireNonNull(backup(backup).require().getStatus()).phase())
                .isIn(BackupStatus.Phase.SUCCEEDED, BackupStatus.Phase.DISCARDING));
  }

  private List<String> backups(String schedule) {
    return scene.cluster().all(Backup.class).stream()
        .filter(backup ->
            backup.getMetadata().getLabels() != null
                && schedule.equals(
                    backup.getMetadata().getLabels().get(Names.LABEL_BACKUP_SCHEDULE)))
        .map(backup -> backup.getMetadata().getName())
        .toList();
  }

  private BackupScheduleStatus status(String schedule) {
    return Objects.requireNonNull(
        object(BackupSchedule.class, schedule).require().getStatus(), schedule);
  }

  private Resource<Backup> backup(String name) {
    return object(Backup.class, name);
  }

  private <T extends HasMetadata> Resource<T> object(Class<T> kind, String name) {
    return scene
        .cluster()
        .client()
        .resources(kind)
        .inNamespace(scene.cluster().namespace())
        .withName(name);
  }

  private GrpcCall awaitCall(String backup, String suffix) {
    String uid = backup(backup).require().getMetadata().getUid();
    var call = object(GrpcCall.class, backup + "-" + uid.substring(0, 8) + suffix);
    await().atMost(SOON).untilAsserted(() -> assertThat(call.get()).as(backup).isNotNull());
    return call.require();
  }

  private PretendedOperation operation(GrpcCall call) {
    String id = call.getMetadata().getUid() + "-1";
    return await()
        .atMost(SOON)
        .until(() -> scene.runtime().agents().operation(id), Optional::isPresent)
        .orElseThrow();
  }
}
