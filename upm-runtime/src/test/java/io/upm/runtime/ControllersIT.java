package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The controllers of both kinds against a real API server; nodes and agents are pretended. */
@Tag("side-by-side")
class ControllersIT {
  private ControllerScene scene;

  @BeforeEach
  void open() throws IOException {
    scene = new ControllerScene();
  }

  @AfterEach
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void makesEverythingOnceAndThenWritesNothing() {
    scene.cluster().apply("db");
    scene.awaitReady("db", 3);

    assertThat(scene.names(Pod.class)).containsExactly("db-0", "db-1", "db-2");
    assertThat(scene.names(PersistentVolumeClaim.class))
        .containsExactly("db-0-data", "db-1-data", "db-2-data");
    assertThat(scene.names(Service.class)).containsExactly("db-headless-svc");
    assertThat(scene.cluster().all(PersistentVolumeClaim.class))
        .allSatisfy(claim -> assertThat(claim.getMetadata().getOwnerReferences()).isEmpty());
    Map<String, String> before = scene.versions();

    scene.runtime().nudgeAll();
    await().during(QUIET).atMost(SOON).until(() -> scene.versions().equals(before));
    scene.restart();

    await()
        .during(QUIET)
        .atMost(SOON)
        .untilAsserted(() -> assertThat(scene.versions()).isEqualTo(before));
  }

  @Test
  void scalesOutAndInAndKeepsTheClaims() {
    scene.cluster().apply("db");
    scene.awaitReady("db", 3);

    scene.cluster().set("db").scale(5);
    scene.awaitReady("db", 5);
    scene.cluster().set("db").scale(2);

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(scene.names(Unit.class)).containsExactly("db-0", "db-1"));
    scene.awaitReady("db", 2);
    assertThat(scene.names(Pod.class)).containsExactly("db-0", "db-1");
    assertThat(scene.names(PersistentVolumeClaim.class)).hasSize(5);
    await().atMost(SOON).until(() -> scene.runtime().agents().attached().size() == 2);
  }

  @Test
  void deletesClaimsOfRemovedUnitsWhenAskedTo() {
    String policy = "spec/persistentVolumeClaimRetentionPolicy={whenScaled: Delete}";
    scene.cluster().apply("db", policy);
    scene.awaitReady("db", 3);

    scene.cluster().apply("db", policy, "spec/units=1");

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(scene.names(PersistentVolumeClaim.class)).containsExactly("db-0-data"));
  }

  @Test
  void leavesNothingButTheClaims() {
    scene.cluster().apply("db", "spec/externalService={}", "spec/unitService={}");
    scene.awaitReady("db", 3);

    scene.cluster().set("db").delete();

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(scene.versions().keySet())
                .containsExactly(
                    "PersistentVolumeClaim/db-0-data",
                    "PersistentVolumeClaim/db-1-data",
                    "PersistentVolumeClaim/db-2-data"));
    await().atMost(SOON).until(() -> scene.runtime().agents().attached().isEmpty());
  }

  @Test
  void leavesNothingAtAllWhenAskedTo() {
    scene.cluster().apply("db", "spec/persistentVolumeClaimRetentionPolicy={whenDeleted: Delete}");
    scene.awaitReady("db", 3);

    scene.cluster().set("db").delete();

    await().atMost(SOON).untilAsserted(() -> assertThat(scene.versions()).isEmpty());
  }

  @Test
  void tellsANamespaceThatIsBeingDeletedThatItsUnitsAreGone() {
    scene.cluster().apply("db");
    scene.awaitReady("db", 3);
    var client = scene.cluster().client();
    var namespace = client.namespaces().withName(scene.cluster().namespace());
    // Or it would be gone before anybody could see it.
    var last = client.configMaps().inNamespace(scene.cluster().namespace()).withName("last");
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("last")
                .withNamespace(scene.cluster().namespace())
                .withFinalizers("upm.test/last")
                .endMetadata()
                .build())
        .create();
    assertThat(namespace.require().getMetadata().getAnnotations()).isNullOrEmpty();

    namespace.delete();

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(namespace.require().getMetadata().getAnnotations())
                .containsEntry(Names.ANNOTATION_UNITS_GONE, "true"));
    assertThat(scene.names(Pod.class)).isEmpty();
    // Not by its version: the namespace's controller deletes it, again and again.
    last.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}");
    await().atMost(SOON).until(() -> namespace.get() == null);
  }

  @Test
  void leavesAForeignServiceAloneAndSaysSo() {
    scene
        .cluster()
        .client()
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withName("db-svc")
                .withNamespace(scene.cluster().namespace())
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .endSpec()
                .build())
        .create();

    scene.cluster().apply("db", "spec/externalService={}");

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(scene.condition("db", "Degraded"))
                .contains("Service \"db-svc\" is there already"));
    scene.awaitReady("db", 3);
    assertThat(scene.cluster().get(Service.class, "db-svc").getMetadata().getOwnerReferences())
        .isEmpty();
  }

  @Test
  void makesNothingUntilTheSecretIsThere() {
    scene
        .cluster()
        .client()
        .secrets()
        .inNamespace(scene.cluster().namespace())
        .withName("db-secret")
        .delete();
    scene.cluster().apply("db");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(scene.condition("db", "Valid"))
                .contains("spec.secret.name: \"db-secret\" is not allowed", "boss"));
    assertThat(scene.names(Unit.class)).isEmpty();
    assertThat(scene.names(Service.class)).isEmpty();

    scene.cluster().secret();

    scene.awaitReady("db", 3);
  }

  @Test
  void runsAUnitMadeByHand() {
    scene.cluster().applyUnit("solo-0");

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(scene.condition(Unit.class, "solo-0", "Ready")).contains("serves"));
    assertThat(scene.names(PersistentVolumeClaim.class)).containsExactly("solo-0-data");
    scene
        .cluster()
        .client()
        .resources(Unit.class)
        .inNamespace(scene.cluster().namespace())
        .withName("solo-0")
        .delete();
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(scene.versions().keySet())
                .containsExactly("PersistentVolumeClaim/solo-0-data"));
  }

  @Test
  void areRefusedByTheApiServerItself() {
    scene.cluster().apply("db");

    refused("spec.units", "db", "spec/units=0");
    refused("spec.type can't be changed", "db", "spec/type=other");
    refused("can't move a volume", "db", "spec/storages/0/storageClassName=fast");
    refused("must start with a letter", "1db");
    refused("must not be longer than 50", "d".repeat(51));
    refused("Unsupported value", "db", "spec/podAntiAffinityPreset=maybe");
    refused("Unsupported value", "db", "spec/updateStrategy={type: Sometimes}");
    refused("Unsupported value", "db", "spec/updateStrategy={parameterRestart: Sometimes}");
    refused("maxUnavailable", "db", "spec/updateStrategy={rollingUpdate: {maxUnavailable: 0}}");
    refused("spec.version", "db", "spec/version=");
  }

  private void refused(String sentence, String name, String... changes) {
    assertThatThrownBy(() -> scene.cluster().apply(name, changes))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(sentence);
  }
}
