package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.kube.Conditions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pods that others change, on the way in or later, and those that change while they run. */
@Tag("side-by-side")
class PodChangesIT {
  private static final String SMALL = "spec/resources={limits: {cpu: '2', memory: 1Gi}}";
  private static final String LARGE = "spec/resources={limits: {cpu: '3', memory: 2Gi}}";

  private ControllerScene scene;
  private Runnable undo = () -> {};

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
  void resizesRunningPodsUnitByUnit() {
    scene.cluster().apply("db", SMALL, "spec/units=2");
    scene.awaitReady("db", 2);
    Map<String, String> before = scene.uids();

    scene.cluster().apply("db", LARGE, "spec/units=2");

    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          for (Pod pod : scene.cluster().all(Pod.class)) {
            assertThat(pod.getSpec().getContainers().getFirst().getResources().getLimits())
                .containsEntry("cpu", new Quantity("3"))
                .containsEntry("memory", new Quantity("2Gi"));
          }
          assertThat(document("db-0")).contains("\"memoryBytes\":2147483648");
        });
    scene.awaitReady("db", 2);
    assertThat(scene.uids()).isEqualTo(before);
  }

  @Test
  void deletesNoPodThatKubernetesWouldRefuseToMakeAgain() {
    scene.cluster().apply("db", SMALL, "spec/units=1");
    scene.awaitReady("db", 1);
    Map<String, String> before = scene.uids();
    apply(
        """
        apiVersion: v1
        kind: LimitRange
        metadata: {name: small}
        spec: {limits: [{type: Container, max: {cpu: '2'}}]}
        """);

    scene.cluster().apply("db", LARGE, "spec/units=1");

    await()
        .atMost(SOON)
        .until(() ->
            scene
                .condition(Unit.class, "db-0", "Updated")
                .contains("maximum cpu usage per Container is 2"));
    assertThat(scene.condition(Unit.class, "db-0", "Ready")).isEqualTo("the engine serves clients");
    assertThat(scene.uids()).isEqualTo(before);

    scene.cluster().apply("db", SMALL, "spec/units=1");
    scene.awaitReady("db", 1);
    assertThat(scene.uids()).isEqualTo(before);
  }

  @Test
  void replacesNoPodBecauseOfWhatAdmissionAdds() {
    injectSidecar();
    apply(
        """
        apiVersion: v1
        kind: LimitRange
        metadata: {name: defaults}
        spec:
          limits:
            - type: Container
              default: {cpu: '1', memory: 768Mi}
              defaultRequest: {cpu: 100m, memory: 64Mi}
        """);

    scene.cluster().apply("db", "spec/units=2", "spec/resources=");
    scene.awaitReady("db", 2);

    Pod pod = scene.cluster().get(Pod.class, "db-0");
    assertThat(pod.getSpec().getContainers())
        .extracting(container -> container.getName())
        .containsExactlyInAnyOrder("acme", "injected");
    assertThat(pod.getMetadata().getAnnotations()).containsEntry("injected", "true");
    assertThat(document("db-0"))
        .as("the engine is configured for what the LimitRange gave it")
        .contains("\"memoryBytes\":" + (768L << 20));
    Map<String, String> quiet = settled();
    scene.runtime().nudgeAll();
    scene.restart();
    await()
        .during(QUIET)
        .atMost(SOON)
        .untilAsserted(() -> assertThat(scene.versions()).isEqualTo(quiet));
  }

  @Test
  void tellsWhatSomebodyChangedInAPodAndDoesNotFight() {
    scene.cluster().apply("db", "spec/units=1");
    scene.awaitReady("db", 1);
    Map<String, String> before = scene.uids();

    patch("kubectl-set", "{\"spec\":{\"containers\":[{\"name\":\"acme\",\"image\":\"acme:9\"}]}}");
    patch("kubectl-label", "{\"metadata\":{\"labels\":{\"mine\":\"1\"}}}");
    patch("kubectl-annotate", "{\"metadata\":{\"annotations\":{\"note\":\"by hand\"}}}");

    await()
        .atMost(SOON)
        .until(() ->
            scene
                .condition(Unit.class, "db-0", "Updated")
                .contains("kubectl-set changed image of container acme"));
    Map<String, String> quiet = settled();
    await()
        .during(QUIET)
        .atMost(SOON)
        .untilAsserted(() -> assertThat(scene.versions()).isEqualTo(quiet));
    assertThat(scene.uids()).isEqualTo(before);
    assertThat(scene.cluster().get(Pod.class, "db-0").getMetadata().getLabels())
        .containsEntry("mine", "1");
    assertThat(
            Conditions.isTrue(
                scene.cluster().get(UnitSet.class, "db").getStatus().conditions(), "Ready"))
        .isTrue();
  }

  @Test
  void givesBackTheLabelThatAPodIsFoundBy() {
    scene.cluster().apply("db", "spec/units=1");
    scene.awaitReady("db", 1);
    Map<String, String> before = scene.uids();

    patch("kubectl-label", "{\"metadata\":{\"labels\":{\"" + Names.LABEL_UNIT + "\":null}}}");

    await()
        .atMost(SOON)
        .until(() ->
            "db-0"
                .equals(
                    scene
                        .cluster()
                        .get(Pod.class, "db-0")
                        .getMetadata()
                        .getLabels()
                        .get(Names.LABEL_UNIT)));
    scene.awaitReady("db", 1);
    assertThat(scene.uids()).isEqualTo(before);
  }

  /** What there is once nothing is written any more. */
  private Map<String, String> settled() {
    var last = new AtomicReference<Map<String, String>>(Map.of());
    await()
        .during(QUIET)
        .atMost(SOON)
        .until(() -> {
          Map<String, String> now = scene.versions();
          return now.equals(last.getAndSet(now));
        });
    return scene.versions();
  }

  private String document(String unit) {
    return String.valueOf(
        scene
            .cluster()
            .client()
            .configMaps()
            .inNamespace(scene.cluster().namespace())
            .withName(unit + "-instance")
            .require()
            .getData()
            .get("instance.json"));
  }

  private void patch(String manager, String patch) {
    scene
        .cluster()
        .client()
        .pods()
        .inNamespace(scene.cluster().namespace())
        .withName("db-0")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.STRATEGIC_MERGE)
                .withFieldManager(manager)
                .build(),
            patch);
  }

  private void apply(String yaml) {
    HasMetadata object =
        (HasMetadata) scene.cluster().client().getKubernetesSerialization().unmarshal(yaml);
    scene.cluster().client().resource(object).inNamespace(scene.cluster().namespace()).create();
  }

  /** A policy of this namespace only, which is gone with the test. */
  private void injectSidecar() {
    String name = scene.cluster().namespace() + "-inject";
    var client = scene.cluster().client();
    var objects =
        client
            .load(
                new ByteArrayInputStream(
                    POLICY
                        .replace("NAMESPACE", scene.cluster().namespace())
                        .replace("NAME", name)
                        .getBytes(StandardCharsets.UTF_8)))
            .items();
    objects.forEach(object -> client.resource(object).create());
    undo = () -> objects.forEach(object -> client.resource(object).delete());
    await()
        .alias("the policy holds")
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(trial().getMetadata().getAnnotations()).containsEntry("injected", "true"));
  }

  private Pod trial() {
    return scene
        .cluster()
        .client()
        .pods()
        .inNamespace(scene.cluster().namespace())
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName("trial")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("acme")
                .withImage("acme:1")
                .endContainer()
                .endSpec()
                .build())
        .dryRun()
        .create();
  }

  @AfterEach
  void undo() {
    undo.run();
  }

  private static final String POLICY =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: MutatingAdmissionPolicy
      metadata: {name: NAME}
      spec:
        reinvocationPolicy: Never
        matchConstraints:
          namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: NAMESPACE}
          resourceRules:
            - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
        mutations:
          - patchType: ApplyConfiguration
            applyConfiguration:
              expression: >-
                Object{
                  metadata: Object.metadata{annotations: {"injected": "true"}},
                  spec: Object.spec{containers: [
                    Object.spec.containers{name: "injected", image: "sidecar:1"},
                    Object.spec.containers{name: "acme", env: [
                      Object.spec.containers.env{name: "INJECTED", value: "1"}]}]}}
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: MutatingAdmissionPolicyBinding
      metadata: {name: NAME}
      spec: {policyName: NAME}
      """;
}
