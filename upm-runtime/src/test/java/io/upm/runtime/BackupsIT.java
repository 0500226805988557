package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.BackupStatus.Phase;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.testing.PretendedOperation;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Backups against a real API server; what agents do is up to the test. */
@Tag("side-by-side")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupsIT {
  private static final Map<String, String> VALUES =
      Map.of("backup", "s3://shelf/copy/", "bytes", "200", "storedBytes", "50", "page", "9");

  private ControllerScene scene;

  @BeforeAll
  void open() throws IOException {
    scene = new ControllerScene();
    scene.cluster().applyUnit("solo-0");
    scene.cluster().secret("keys", "access");
  }

  @AfterAll
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void isMadeOnceOutlivesItsCallAndIsRemovedWhenWanted() {
    make("whole", "unit: solo-0, parameters: {shelf: top, how: slow}, secretRef: {name: keys}");
    GrpcCall call = awaitCall("whole", "");
    assertThat(call.getSpec().targetUnit()).isEqualTo("solo-0");
    PretendedOperation operation = awaitOperation(call);
    assertThat(operation.order().action()).isEqualTo("copy");
    assertThat(operation.order().secrets()).containsKey("access");
    awaitPhase("whole", Phase.RUNNING);

    scene.restart();
    // A new process knows nothing of it: the agent lost it with the pretended ones.
    assertThat(awaitPhase("whole", Phase.FAILED).message()).contains("how far it came");

    make("again", "unit: solo-0, parameters: {shelf: top, how: slow}, secretRef: {name: keys}");
    awaitOperation(awaitCall("again", "")).succeed("it is copied", VALUES);
    BackupStatus status = awaitPhase("again", Phase.SUCCEEDED);
    assertThat(status.location()).isEqualTo("s3://shelf/copy/");
    assertThat(status.storedBytes()).isEqualTo(50);
    assertThat(status.values()).isEqualTo(Map.of("page", "9"));
    assertThat(status.engineVersion()).isEqualTo("1.2.3");
    assertThat(Conditions.isTrue(status.conditions(), "Complete")).isTrue();

    scene.cluster().client().resource(awaitCall("again", "")).delete();
    assertStays("again");

    discard("again");
    GrpcCall removal = awaitCall("again", "-discard");
    assertThat(removal.getSpec().action()).isEqualTo("shred");
    assertThat(removal.getSpec().parameterTree().toString())
        .contains("\"shelf\":\"top\"", "\"source\":\"s3://shelf/copy/\"")
        .doesNotContain("slow");
    assertThat(awaitPhase("again", Phase.DISCARDING).location()).isEqualTo("s3://shelf/copy/");
    assertThatThrownBy(() -> patch("again", "{\"spec\":{\"discard\":false}}"))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("can't be taken back");
    awaitOperation(removal).succeed("it is shredded");

    await().atMost(SOON).until(() -> backup("again").get() == null);
  }

  @Test
  void whatIsBadIsSaidInOneSentence() {
    make("polished", "unit: solo-0, action: polish");
    assertThat(awaitPhase("polished", Phase.FAILED).message())
        .isEqualTo("spec.action: \"polish\" is not allowed: one that makes backups: copy");

    make("foreign", "unit: solo-0, type: other");
    assertThat(awaitPhase("foreign", Phase.FAILED).message())
        .isEqualTo("spec.type: \"other\" is not allowed: \"acme\", which Unit solo-0 is");

    assertThatThrownBy(() -> make("both", "unit: solo-0, unitSet: orders"))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("exactly one of unitSet and unit must be given");
    assertThatThrownBy(() -> patch("polished", "{\"spec\":{\"action\":\"copy\"}}"))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("can't be changed: make another Backup");
  }

  @Test
  void waitsForAUnitThatIsReadyAndCanBeGivenUp() {
    make("early", "unitSet: nobody");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(Objects.requireNonNull(status("early")).message())
                .isEqualTo("waits that a Unit of UnitSet nobody is ready"));
    assertStays("early");

    discard("early");

    await().atMost(SOON).until(() -> backup("early").get() == null);
  }

  private void make(String name, String more) {
    scene
        .cluster()
        .client()
        .resource(
            """
            apiVersion: upm.syntropycloud.io/v1alpha1
            kind: Backup
            metadata: {name: %s, namespace: %s}
            spec: {%s%s%s}
            """
                .formatted(
                    name,
                    scene.cluster().namespace(),
                    more.contains("type:") ? "" : "type: acme, ",
                    more.contains("action:") ? "" : "action: copy, ",
                    more))
        .create();
  }

  private void discard(String name) {
    patch(name, "{\"spec\":{\"discard\":true}}");
  }

  private Resource<Backup> backup(String name) {
    return scene
        .cluster()
        .client()
        .resources(Backup.class)
        .inNamespace(scene.cluster().namespace())
        .withName(name);
  }

  private @Nullable BackupStatus status(String name) {
    return backup(name).require().getStatus();
  }

  private GrpcCall awaitCall(String name, String suffix) {
    String uid = backup(name).require().getMetadata().getUid();
    var call =
        scene
            .cluster()
            .client()
            .resources(GrpcCall.class)
            .inNamespace(scene.cluster().namespace())
            .withName(name + "-" + uid.substring(0, 8) + suffix);
    await().atMost(SOON).untilAsserted(() -> assertThat(call.get()).as(name).isNotNull());
    return call.require();
  }

  private PretendedOperation awaitOperation(GrpcCall call) {
    String id = call.getMetadata().getUid() + "-1";
    return await()
        .atMost(SOON)
        .until(() -> scene.runtime().agents().operation(id), Optional::isPresent)
        .orElseThrow();
  }

  private BackupStatus awaitPhase(String name, Phase phase) {
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(status(name)).isNotNull().extracting(BackupStatus::phase).isEqualTo(phase));
    return Objects.requireNonNull(status(name));
  }

  private void assertStays(String name) {
    String before = backup(name).require().getMetadata().getResourceVersion();
    await()
        .during(QUIET)
        .atMost(SOON)
        .until(() -> backup(name).require().getMetadata().getResourceVersion().equals(before));
  }

  private void patch(String name, String patch) {
    backup(name)
        .patch(new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).build(), patch);
  }
}
