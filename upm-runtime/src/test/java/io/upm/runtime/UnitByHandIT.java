package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
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

/** What users say about one Unit. */
@Tag("side-by-side")
class UnitByHandIT {
  private ControllerScene scene;

  @BeforeEach
  void open() throws IOException {
    scene = new ControllerScene();
    scene.cluster().applyUnit("solo");
    awaitServing();
  }

  @AfterEach
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void followsTheConfigMapThatItNames() {
    config("3");
    patch("{\"spec\":{\"configValueName\":\"mine\"}}");
    await().atMost(SOON).until(() -> document().contains("\"max_links\":\"3\""));

    config("4");

    await().atMost(SOON).until(() -> document().contains("\"max_links\":\"4\""));
  }

  @Test
  void isLeftAloneInMaintenanceAndCatchesUpAfterwards() {
    Map<String, String> before = scene.uids();
    String document = document();
    patch("{\"spec\":{\"maintenance\":true}}");
    await()
        .atMost(SOON)
        .until(() -> scene.cluster().get(Unit.class, "solo").getStatus().waitingFor() != null);

    patch(
        "{\"spec\":{\"parameters\":{\"max_links\":7},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}}}}}");
    await()
        .during(QUIET)
        .atMost(SOON)
        .until(() -> scene.uids().equals(before) && document().equals(document));
    delete();
    await()
        .atMost(SOON)
        .until(() ->
            scene
                .condition(Unit.class, "solo", "Ready")
                .contains("the end of maintenance: nothing is made"));
    assertThat(scene.uids()).isEmpty();

    patch("{\"spec\":{\"maintenance\":null}}");

    awaitServing();
    assertThat(document()).contains("\"max_links\":\"7\"");
  }

  private void awaitServing() {
    await()
        .atMost(SOON)
        .until(
            () -> scene.condition(Unit.class, "solo", "Ready").equals("the engine serves clients"));
  }

  private void config(String links) {
    scene
        .cluster()
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("mine")
                .withNamespace(scene.cluster().namespace())
                .endMetadata()
                .addToData("max_links", links)
                .build())
        .serverSideApply();
  }

  private String document() {
    return scene
        .runtime()
        .agents()
        .desired(new UnitKey(scene.cluster().namespace(), "solo"))
        .orElseThrow()
        .document();
  }

  private void patch(String patch) {
    scene
        .cluster()
        .client()
        .resources(Unit.class)
        .inNamespace(scene.cluster().namespace())
        .withName("solo")
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  private void delete() {
    scene
        .cluster()
        .client()
        .resources(Pod.class)
        .inNamespace(scene.cluster().namespace())
        .withName("solo")
        .delete();
  }
}
