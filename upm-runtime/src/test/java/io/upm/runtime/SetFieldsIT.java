package io.upm.runtime;

import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.upm.runtime.api.Unit;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Fields of a UnitSet, and their removal, on a real API server. */
@Tag("side-by-side")
class SetFieldsIT {
  private static final String BALANCED =
      "spec/externalService={type: LoadBalancer, loadBalancerClass: example.com/fast,"
          + " allocateLoadBalancerNodePorts: false, externalTrafficPolicy: Local,"
          + " loadBalancerSourceRanges: [10.0.0.0/8], annotations: {a: b}}";

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
  void makeALoadBalancerAndTakeEachPartBack() {
    scene.cluster().apply("db", BALANCED);
    scene.awaitReady("db", 3);
    Service made = service();
    assertThat(made.getSpec().getLoadBalancerClass()).isEqualTo("example.com/fast");
    assertThat(made.getSpec().getAllocateLoadBalancerNodePorts()).isFalse();
    assertThat(made.getSpec().getExternalTrafficPolicy()).isEqualTo("Local");
    assertThat(made.getSpec().getLoadBalancerSourceRanges()).containsExactly("10.0.0.0/8");

    scene
        .cluster()
        .apply(
            "db", "spec/externalService={type: LoadBalancer, loadBalancerClass: example.com/fast}");
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          var spec = service().getSpec();
          assertThat(spec.getAllocateLoadBalancerNodePorts()).isTrue();
          assertThat(spec.getExternalTrafficPolicy()).isEqualTo("Cluster");
          assertThat(spec.getLoadBalancerSourceRanges()).isEmpty();
          assertThat(service().getMetadata().getAnnotations()).doesNotContainKey("a");
        });
    scene.cluster().apply("db", "spec/externalService={type: ClusterIP}");
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          var spec = service().getSpec();
          assertThat(spec.getType()).isEqualTo("ClusterIP");
          assertThat(spec.getLoadBalancerClass()).isNull();
          assertThat(spec.getExternalTrafficPolicy()).isNull();
          assertThat(spec.getPorts().getFirst().getNodePort()).isNull();
        });
    assertThat(scene.condition("db", "Degraded")).isEqualTo("no help is needed");
    assertThat(service().getMetadata().getUid()).isEqualTo(made.getMetadata().getUid());
  }

  @Test
  void refuseAnotherClassForALoadBalancer() {
    scene.cluster().apply("db", BALANCED);
    await().atMost(SOON).until(() -> scene.names(Service.class).contains("db-svc"));

    assertThatThrownBy(() ->
            scene.cluster().apply("db", BALANCED.replace("example.com/fast", "example.com/slow")))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("loadBalancerClass can't be changed");
  }

  @Test
  void carryLabelsAndAnnotationsEverywhereAndTakeThemBack() {
    scene
        .cluster()
        .apply(
            "db",
            "metadata/labels={tier: gold, team: a}",
            "metadata/annotations={example.com/owner: x, example.com/note: y}",
            "spec/externalService={}",
            "spec/unitService={}");
    scene.awaitReady("db", 3);
    Map<String, String> before = scene.uids();
    awaitLabels(Map.of("tier", "gold", "team", "a"), List.of());
    assertThat(annotations("db-1"))
        .containsEntry("example.com/owner", "x")
        .containsEntry("example.com/note", "y");

    scene
        .cluster()
        .apply(
            "db",
            "metadata/labels={tier: silver}",
            "metadata/annotations={example.com/note: z}",
            "spec/externalService={}",
            "spec/unitService={}");

    awaitLabels(Map.of("tier", "silver"), List.of("team"));
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(annotations("db-1"))
                .containsEntry("example.com/note", "z")
                .doesNotContainKey("example.com/owner"));
    assertThat(scene.uids()).as("no Pod was replaced").isEqualTo(before);
  }

  @Test
  void scaleByTheSubresourceThatAnAutoscalerReads() {
    scene.cluster().apply("db");
    scene.awaitReady("db", 3);

    var scale = scene.cluster().set("db").scale();

    assertThat(scale.getSpec().getReplicas()).isEqualTo(3);
    assertThat(scale.getStatus().getReplicas()).isEqualTo(3);
    assertThat(scale.getStatus().getSelector()).isEqualTo("unit-operator/unitset.name=db");
    assertThat(
            scene
                .cluster()
                .client()
                .pods()
                .inNamespace(scene.cluster().namespace())
                .withLabelSelector(scale.getStatus().getSelector())
                .list()
                .getItems())
        .hasSize(3);
    scene.cluster().set("db").scale(1);
    scene.awaitReady("db", 1);
  }

  @Test
  void reachThePods() {
    String priority = "upm-test-" + scene.cluster().namespace();
    var created =
        scene
            .cluster()
            .client()
            .resource(
                new PriorityClassBuilder()
                    .withNewMetadata()
                    .withName(priority)
                    .endMetadata()
                    .withValue(7)
                    .build())
            .create();
    try {
      scene
          .cluster()
          .apply(
              "db",
              "spec/units=1",
              "spec/priorityClassName=" + priority,
              "spec/imagePullSecrets=[{name: registry}]",
              "spec/resizePolicy=[{resourceName: memory, restartPolicy: RestartContainer}]",
              "spec/topologySpreadConstraints=[{maxSkew: 1, topologyKey: zone, whenUnsatisfiable:"
                  + " DoNotSchedule, minDomains: 2}]");
      scene.awaitReady("db", 1);
      var spec = scene.cluster().get(Pod.class, "db-0").getSpec();
      assertThat(spec.getPriority()).isEqualTo(7);
      assertThat(spec.getImagePullSecrets()).extracting("name").containsExactly("registry");
      assertThat(spec.getTopologySpreadConstraints()).hasSize(1);
      assertThat(spec.getContainers().getFirst().getResizePolicy())
          .anySatisfy(policy -> {
            assertThat(policy.getResourceName()).isEqualTo("memory");
            assertThat(policy.getRestartPolicy()).isEqualTo("RestartContainer");
          });

      scene.cluster().apply("db", "spec/units=1");
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .untilAsserted(() -> {
            var next = scene.cluster().get(Pod.class, "db-0").getSpec();
            assertThat(next.getPriorityClassName()).isNullOrEmpty();
            assertThat(next.getTopologySpreadConstraints()).isEmpty();
            assertThat(next.getImagePullSecrets()).isEmpty();
          });
      scene.awaitReady("db", 1);
    } finally {
      scene.cluster().client().resource(created).delete();
    }
  }

  @Test
  void askOtherProductsWhenTheyAreThereAndTakeItBack() {
    String profile = "spec/certificateProfile={rootSecret: root, organizations: [ACME]}";
    String monitor = "spec/podMonitor={enable: true}";
    scene.cluster().secret("root", "tls.crt", "tls.key");
    scene.cluster().apply("db", profile, monitor);
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(scene.condition("db", "Degraded")).contains("needs cert-manager");
          assertThat(scene.condition("db", "Valid")).contains("no kind PodMonitor");
        });
    String namespace = scene.cluster().namespace();
    try (var kinds = AddOnDefinitions.install(scene.cluster().client())) {
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            assertThat(kinds.names("PodMonitor", namespace)).containsExactly("db-exporter-podmon");
            assertThat(kinds.names("Issuer", namespace)).containsExactly("db-certmanager-issuer");
            assertThat(kinds.names("Certificate", namespace))
                .containsExactly(
                    "db-0-certmanager-ca", "db-1-certmanager-ca", "db-2-certmanager-ca");
          });
      scene.awaitReady("db", 3);
      assertThat(scene.condition("db", "Degraded")).isEqualTo("no help is needed");

      // Somebody else's hand, a restart, and fewer units.
      scene
          .cluster()
          .client()
          .resource(kinds.get("Issuer", namespace, "db-certmanager-issuer"))
          .delete();
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(kinds.names("Issuer", namespace)).hasSize(1));
      scene.restart();
      scene.cluster().apply("db", profile, monitor, "spec/units=1");
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(kinds.names("Certificate", namespace))
                  .containsExactly("db-0-certmanager-ca"));

      scene.cluster().apply("db", "spec/units=1");
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            assertThat(kinds.names("Certificate", namespace)).isEmpty();
            assertThat(kinds.names("Issuer", namespace)).isEmpty();
            assertThat(kinds.names("PodMonitor", namespace)).isEmpty();
          });
    }
  }

  private Service service() {
    return scene.cluster().get(Service.class, "db-svc");
  }

  private Map<String, String> annotations(String pod) {
    return scene.cluster().get(Pod.class, pod).getMetadata().getAnnotations();
  }

  private void awaitLabels(Map<String, String> present, List<String> absent) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          for (Class<? extends HasMetadata> kind :
              List.of(Unit.class, Pod.class, Service.class, PersistentVolumeClaim.class)) {
            assertThat(scene.cluster().all(kind))
                .isNotEmpty()
                .allSatisfy(object ->
                    assertThat(object.getMetadata().getLabels())
                        .containsAllEntriesOf(present)
                        .doesNotContainKeys(absent.toArray(String[]::new)));
          }
        });
  }
}
