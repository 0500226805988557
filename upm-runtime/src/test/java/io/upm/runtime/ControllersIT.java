package io.upm.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.agent.UnitKey;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.testing.TestCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The controllers of both kinds against a real API server; nodes and agents are pretended. */
class ControllersIT {
  private static final Duration SOON = Duration.ofSeconds(90);

  /** Long enough for anything that would be written to be written. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private TestCluster cluster;
  private RunningControllers runtime;

  @BeforeEach
  void start() throws IOException {
    cluster = TestCluster.open();
    runtime = new RunningControllers(cluster);
  }

  @AfterEach
  void end() {
    if (runtime != null) {
      runtime.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void makesEverythingOnceAndThenWritesNothing() {
    cluster.apply("db");
    awaitReady("db", 3);

    assertThat(names(Pod.class)).containsExactly("db-0", "db-1", "db-2");
    assertThat(names(PersistentVolumeClaim.class))
        .containsExactly("db-0-data", "db-1-data", "db-2-data");
    assertThat(names(Service.class)).containsExactly("db-headless-svc");
    assertThat(cluster.all(PersistentVolumeClaim.class))
        .allSatisfy(claim -> assertThat(claim.getMetadata().getOwnerReferences()).isEmpty());
    Map<String, String> before = versions();

    runtime.nudgeAll();
    await().during(QUIET).atMost(SOON).until(() -> versions().equals(before));
    runtime.close();
    runtime = new RunningControllers(cluster);

    await()
        .during(QUIET)
        .atMost(SOON)
        .untilAsserted(() -> assertThat(versions()).isEqualTo(before));
  }

  @Test
  void scalesOutAndInAndKeepsTheClaims() {
    cluster.apply("db");
    awaitReady("db", 3);

    cluster
        .client()
        .resources(UnitSet.class)
        .inNamespace(cluster.namespace())
        .withName("db")
        .scale(5);
    awaitReady("db", 5);
    cluster
        .client()
        .resources(UnitSet.class)
        .inNamespace(cluster.namespace())
        .withName("db")
        .scale(2);

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(names(Unit.class)).containsExactly("db-0", "db-1"));
    awaitReady("db", 2);
    assertThat(names(Pod.class)).containsExactly("db-0", "db-1");
    assertThat(names(PersistentVolumeClaim.class)).hasSize(5);
    await().atMost(SOON).until(() -> runtime.agents().attached().size() == 2);
  }

  @Test
  void deletesClaimsOfRemovedUnitsWhenAskedTo() {
    String policy = "spec/persistentVolumeClaimRetentionPolicy={whenScaled: Delete}";
    cluster.apply("db", policy);
    awaitReady("db", 3);

    cluster.apply("db", policy, "spec/units=1");

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(names(PersistentVolumeClaim.class)).containsExactly("db-0-data"));
  }

  @Test
  void leavesNothingButTheClaims() {
    cluster.apply("db", "spec/externalService={}", "spec/unitService={}");
    awaitReady("db", 3);

    cluster
        .client()
        .resources(UnitSet.class)
        .inNamespace(cluster.namespace())
        .withName("db")
        .delete();

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(versions().keySet())
                .containsExactly(
                    "PersistentVolumeClaim/db-0-data",
                    "PersistentVolumeClaim/db-1-data",
                    "PersistentVolumeClaim/db-2-data"));
    await().atMost(SOON).until(() -> runtime.agents().attached().isEmpty());
  }

  @Test
  void leavesNothingAtAllWhenAskedTo() {
    cluster.apply("db", "spec/persistentVolumeClaimRetentionPolicy={whenDeleted: Delete}");
    awaitReady("db", 3);

    cluster
        .client()
        .resources(UnitSet.class)
        .inNamespace(cluster.namespace())
        .withName("db")
        .delete();

    await().atMost(SOON).untilAsserted(() -> assertThat(versions()).isEmpty());
  }

  @Test
  void rollsAVersionOutPodByPod() {
    cluster.apply("db");
    awaitReady("db", 3);
    Map<String, String> before = uids();

    cluster.apply("db", "spec/version='1.2.4'");

    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(images()).containsOnly("acme:1.2.4");
          assertThat(uids().values()).hasSize(3).doesNotContainAnyElementsOf(before.values());
        });
    awaitReady("db", 3);
    String document =
        cluster
            .client()
            .configMaps()
            .inNamespace(cluster.namespace())
            .withName("db-0-instance")
            .require()
            .getData()
            .get("instance.json");
    assertThat(document).contains("\"version\":\"1.2.4\"");
    assertThat(
            runtime
                .agents()
                .desired(new UnitKey(cluster.namespace(), "db-0"))
                .orElseThrow()
                .document())
        .isEqualTo(document);
  }

  @Test
  void haltsABadRollOutAndHealsWhenItIsReverted() {
    cluster.kubelet().breaks("acme:1.9.9");
    cluster.apply("db");
    awaitReady("db", 3);
    Map<String, String> before = uids();

    cluster.apply("db", "spec/version='1.9.9'");

    await()
        .atMost(SOON)
        .until(() ->
            condition("db", "Progressing").equals("db-1, db-0 wait for db-2")
                && names(Pod.class).contains("db-2"));
    await().during(QUIET).atMost(SOON).until(() -> same("db-0", before) && same("db-1", before));
    cluster.apply("db");
    awaitReady("db", 3);
    assertThat(images()).containsOnly("acme:1.2.3");
    assertThat(uids()).containsEntry("db-0", before.get("db-0"));
  }

  @Test
  void changesWhatCanChangeWithoutReplacingPods() {
    cluster.apply("db", "spec/externalService={type: NodePort, annotations: {a: b}}");
    awaitReady("db", 3);
    Map<String, String> before = uids();
    Service external = cluster.get(Service.class, "db-svc");
    Integer nodePort = external.getSpec().getPorts().getFirst().getNodePort();

    cluster.apply(
        "db",
        "metadata/labels={tier: gold}",
        "spec/parameters={max_links: 7, checks: true}",
        "spec/externalService={type: NodePort, annotations: {c: d}}",
        "spec/unitService={}");

    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(cluster.get(Pod.class, "db-1").getMetadata().getLabels())
              .containsEntry("tier", "gold")
              .doesNotContainKey("upm.api/service-group.name");
          assertThat(cluster.get(Service.class, "db-svc").getMetadata().getAnnotations())
              .containsEntry("c", "d")
              .doesNotContainKey("a");
          assertThat(
                  runtime
                      .agents()
                      .desired(new UnitKey(cluster.namespace(), "db-1"))
                      .orElseThrow()
                      .document())
              .contains("\"checks\":\"ON\"", "\"max_links\":\"7\"");
        });
    assertThat(names(Service.class))
        .containsExactly("db-0-svc", "db-1-svc", "db-2-svc", "db-headless-svc", "db-svc");
    assertThat(cluster.get(Service.class, "db-svc").getSpec().getPorts().getFirst().getNodePort())
        .isEqualTo(nodePort);
    cluster.apply("db");
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(names(Service.class)).containsExactly("db-headless-svc"));
    assertThat(uids()).isEqualTo(before);
  }

  @Test
  void takesBackWhatSomebodyElseChanged() {
    cluster.apply("db", "spec/externalService={}");
    awaitReady("db", 3);

    cluster
        .client()
        .services()
        .inNamespace(cluster.namespace())
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
                    cluster
                        .get(Service.class, "db-svc")
                        .getSpec()
                        .getPorts()
                        .getFirst()
                        .getTargetPort())
                .isEqualTo(new IntOrString(7000)));
  }

  @Test
  void makesADeletedPodAgainAndKeepsOneThatIsReadyOtherwise() {
    cluster.apply("db");
    awaitReady("db", 3);
    Map<String, String> before = uids();

    cluster.client().pods().inNamespace(cluster.namespace()).withName("db-1").delete();

    await().atMost(SOON).until(() -> uids().size() == 3 && !same("db-1", before));
    awaitReady("db", 3);
    assertThat(uids()).containsEntry("db-0", before.get("db-0"));
  }

  @Test
  void leavesAForeignServiceAloneAndSaysSo() {
    cluster
        .client()
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withName("db-svc")
                .withNamespace(cluster.namespace())
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .endSpec()
                .build())
        .create();

    cluster.apply("db", "spec/externalService={}");

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(condition("db", "Degraded"))
                .contains("Service \"db-svc\" is there already"));
    awaitReady("db", 3);
    assertThat(cluster.get(Service.class, "db-svc").getMetadata().getOwnerReferences()).isEmpty();
  }

  @Test
  void makesNothingUntilTheSecretIsThere() {
    cluster.client().secrets().inNamespace(cluster.namespace()).withName("db-secret").delete();
    cluster.apply("db");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(condition("db", "Valid"))
                .contains("spec.secret.name: \"db-secret\" is not allowed", "boss"));
    assertThat(names(Unit.class)).isEmpty();
    assertThat(names(Service.class)).isEmpty();

    cluster.secret();

    awaitReady("db", 3);
  }

  @Test
  void keepsWhatAUserSaysAboutAUnit() {
    cluster.apply("db");
    awaitReady("db", 3);

    cluster
        .client()
        .resources(Unit.class)
        .inNamespace(cluster.namespace())
        .withName("db-2")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"startup\":false}}");

    await()
        .atMost(SOON)
        .until(() -> condition(Unit.class, "db-2", "Ready").contains("spec.startup is false"));
    cluster.apply("db", "spec/parameters={max_links: 3}");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(
                    runtime
                        .agents()
                        .desired(new UnitKey(cluster.namespace(), "db-2"))
                        .orElseThrow()
                        .document())
                .contains("\"max_links\":\"3\"", "\"running\":false"));
  }

  @Test
  void runsAUnitMadeByHand() {
    cluster.applyUnit("solo-0");

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(condition(Unit.class, "solo-0", "Ready")).contains("serves"));
    assertThat(names(PersistentVolumeClaim.class)).containsExactly("solo-0-data");
    cluster
        .client()
        .resources(Unit.class)
        .inNamespace(cluster.namespace())
        .withName("solo-0")
        .delete();
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(versions().keySet()).containsExactly("PersistentVolumeClaim/solo-0-data"));
  }

  @Test
  void areRefusedByTheApiServerItself() {
    cluster.apply("db");

    refused("spec.units", "db", "spec/units=0");
    refused("spec.type can't be changed", "db", "spec/type=other");
    refused("can't move a volume", "db", "spec/storages/0/storageClassName=fast");
    refused("must start with a letter", "1db");
    refused("must not be longer than 50", "d".repeat(51));
    refused("Unsupported value", "db", "spec/podAntiAffinityPreset=maybe");
    refused("Unsupported value", "db", "spec/updateStrategy={type: Sometimes}");
    refused("maxUnavailable", "db", "spec/updateStrategy={rollingUpdate: {maxUnavailable: 0}}");
    refused("spec.version", "db", "spec/version=");
  }

  private void refused(String sentence, String name, String... changes) {
    assertThatThrownBy(() -> cluster.apply(name, changes))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(sentence);
  }

  private void awaitReady(String set, int units) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          UnitSet live = cluster.get(UnitSet.class, set);
          assertThat(live.getStatus()).isNotNull();
          assertThat(live.getStatus().observedGeneration())
              .isEqualTo(live.getMetadata().getGeneration());
          assertThat(condition(set, "Ready")).isEqualTo("all %d units are ready".formatted(units));
          assertThat(Conditions.isTrue(live.getStatus().conditions(), "Progressing")).isFalse();
        });
  }

  private String condition(String set, String type) {
    return condition(UnitSet.class, set, type);
  }

  private String condition(Class<? extends HasMetadata> kind, String name, String type) {
    HasMetadata object = cluster.get(kind, name);
    var conditions =
        object instanceof UnitSet set
            ? set.getStatus() == null ? null : set.getStatus().conditions()
            : ((Unit) object).getStatus() == null ? null : ((Unit) object).getStatus().conditions();
    return Conditions.find(conditions, type).map(one -> one.getMessage()).orElse("");
  }

  private List<String> names(Class<? extends HasMetadata> kind) {
    return cluster.all(kind).stream().map(one -> one.getMetadata().getName()).sorted().toList();
  }

  private List<String> images() {
    return cluster.all(Pod.class).stream()
        .map(pod -> pod.getSpec().getContainers().getFirst().getImage())
        .toList();
  }

  private Map<String, String> uids() {
    return cluster.all(Pod.class).stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .collect(
            Collectors.toMap(
                pod -> pod.getMetadata().getName(), pod -> pod.getMetadata().getUid()));
  }

  private boolean same(String pod, Map<String, String> before) {
    return Objects.equals(uids().get(pod), before.get(pod));
  }

  /** Resource version of everything that the controllers make or write. */
  private Map<String, String> versions() {
    var versions = new TreeMap<String, String>();
    Stream.of(
            UnitSet.class,
            Unit.class,
            Pod.class,
            Service.class,
            PersistentVolumeClaim.class,
            io.fabric8.kubernetes.api.model.ConfigMap.class,
            io.fabric8.kubernetes.api.model.Secret.class)
        .flatMap(kind -> cluster.all(kind).stream())
        .filter(object -> !object.getMetadata().getName().equals("kube-root-ca.crt"))
        .filter(object -> !object.getMetadata().getName().equals("db-secret"))
        .forEach(object ->
            versions.put(
                object.getKind() + "/" + object.getMetadata().getName(),
                object.getMetadata().getResourceVersion()));
    return versions;
  }
}
