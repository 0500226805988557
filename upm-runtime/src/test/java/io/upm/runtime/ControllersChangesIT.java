package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.agent.UnitKey;
import io.upm.runtime.api.Unit;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How changes of all kinds reach running units; nodes and agents are pretended. */
@Tag("side-by-side")
class ControllersChangesIT {
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
  void rollsAVersionOutPodByPod() {
    scene.cluster().apply("db");
    scene.awaitReady("db", 3);
    Map<String, String> before = scene.uids();

    scene.cluster().apply("db", "spec/version='1.2.4'");

    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(scene.images()).containsOnly("acme:1.2.4");
          assertThat(scene.uids().values()).hasSize(3).doesNotContainAnyElementsOf(before.values());
        });
    scene.awaitReady("db", 3);
    String document =
        scene
            .cluster()
            .client()
            .configMaps()
            .inNamespace(scene.cluster().namespace())
            .withName("db-0-instance")
            .require()
            .getData()
            .get("instance.json");
    assertThat(document).contains("\"version\":\"1.2.4\"");
    assertThat(
            scene
                .runtime()
                .agents()
                .desired(new UnitKey(scene.cluster().namespace(), "db-0"))
                .orElseThrow()
                .document())
        .isEqualTo(document);
  }

  @Test
  void haltsABadRollOutAndHealsWhenItIsReverted() {
    scene.cluster().kubelet().breaks("acme:1.9.9");
    scene.cluster().apply("db");
    scene.awaitReady("db", 3);
    Map<String, String> before = scene.uids();

    scene.cluster().apply("db", "spec/version='1.9.9'");

    await()
        .atMost(SOON)
        .until(() ->
            scene.condition("db", "Progressing").equals("db-1, db-0 wait for db-2")
                && scene.names(Pod.class).contains("db-2"));
    await()
        .during(QUIET)
        .atMost(SOON)
        .until(() -> scene.same("db-0", before) && scene.same("db-1", before));
    scene.cluster().apply("db");
    scene.awaitReady("db", 3);
    assertThat(scene.images()).containsOnly("acme:1.2.3");
    assertThat(scene.uids()).containsEntry("db-0", before.get("db-0"));
  }

  @Test
  void changesWhatCanChangeWithoutReplacingPods() {
    scene.cluster().apply("db", "spec/externalService={type: NodePort, annotations: {a: b}}");
    scene.awaitReady("db", 3);
    Map<String, String> before = scene.uids();
    Service external = scene.cluster().get(Service.class, "db-svc");
    Integer nodePort = external.getSpec().getPorts().getFirst().getNodePort();

    scene
        .cluster()
        .apply(
            "db",
            "metadata/labels={tier: gold}",
            "spec/parameters={max_links: 7, checks: true}",
            "spec/externalService={type: NodePort, annotations: {c: d}}",
            "spec/unitService={}");

    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(scene.cluster().get(Pod.class, "db-1").getMetadata().getLabels())
              .containsEntry("tier", "gold")
              .doesNotContainKey("upm.api/service-group.name");
          assertThat(scene.cluster().get(Service.class, "db-svc").getMetadata().getAnnotations())
              .containsEntry("c", "d")
              .doesNotContainKey("a");
          assertThat(
                  scene
                      .runtime()
                      .agents()
                      .desired(new UnitKey(scene.cluster().namespace(), "db-1"))
                      .orElseThrow()
                      .document())
              .contains("\"checks\":\"ON\"", "\"max_links\":\"7\"");
        });
    assertThat(scene.names(Service.class))
        .containsExactly("db-0-svc", "db-1-svc", "db-2-svc", "db-headless-svc", "db-svc");
    assertThat(
            scene
                .cluster()
                .get(Service.class, "db-svc")
                .getSpec()
                .getPorts()
                .getFirst()
                .getNodePort())
        .isEqualTo(nodePort);
    scene.cluster().apply("db");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(scene.names(Service.class)).containsExactly("db-headless-svc"));
    assertThat(scene.uids()).isEqualTo(before);
  }

  @Test
  void takesBackWhatSomebodyElseChanged() {
    scene.cluster().apply("db", "spec/externalService={}");
    scene.awaitReady("db", 3);

    scene
        .cluster()
        .client()
        .services()
        .inNamespace(scene.cluster().namespace())
        .withName("db-svc")
        .edit(service ->
            new ServiceBuilder(service)
                .editSpec()
                .editFirstPort()
                .withTargetPort(new IntOrString(9))
                .endPort()
                .endSpec()
                .build());

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(
                    scene
                        .cluster()
                        .get(Service.class, "db-svc")
                        .getSpec()
                        .getPorts()
                        .getFirst()
                        .getTargetPort())
                .isEqualTo(new IntOrString(7000)));
  }

  @Test
  void makesADeletedPodAgainAndKeepsOneThatIsReadyOtherwise() {
    scene.cluster().apply("db");
    scene.awaitReady("db", 3);
    Map<String, String> before = scene.uids();

    scene
        .cluster()
        .client()
        .pods()
        .inNamespace(scene.cluster().namespace())
        .withName("db-1")
        .delete();

    await().atMost(SOON).until(() -> scene.uids().size() == 3 && !scene.same("db-1", before));
    scene.awaitReady("db", 3);
    assertThat(scene.uids()).containsEntry("db-0", before.get("db-0"));
  }

  @Test
  void keepsWhatAUserSaysAboutAUnit() {
    scene.cluster().apply("db");
    scene.awaitReady("db", 3);

    scene
        .cluster()
        .client()
        .resources(Unit.class)
        .inNamespace(scene.cluster().namespace())
        .withName("db-2")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"startup\":false}}");

    await()
        .atMost(SOON)
        .until(
            () -> scene.condition(Unit.class, "db-2", "Ready").contains("spec.startup is false"));
    scene.cluster().apply("db", "spec/parameters={max_links: 3}");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(
                    scene
                        .runtime()
                        .agents()
                        .desired(new UnitKey(scene.cluster().namespace(), "db-2"))
                        .orElseThrow()
                        .document())
                .contains("\"max_links\":\"3\"", "\"running\":false"));
  }
}
