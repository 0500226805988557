package io.upm.runtime.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.upm.runtime.agent.UnitKey;
import io.upm.spi.instance.Health;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How clients are led to the nodes of a topology. */
@Timeout(180)
final class TopologyRoutesIT extends TopologyScene {
  @Test
  void leadsToNodesOutsideTheCluster() throws Exception {
    create("far", "no", "db-a", "db-b", "db-c");
    awaitReady("far");
    EndpointSlice writes = slices("far-readwrite").getFirst();
    assertThat(writes.getEndpoints().getFirst().getAddresses())
        .containsExactly(ToyCluster.address());
    assertThat(writes.getPorts().getFirst().getName()).isEqualTo("toy");
    assertThat(writes.getMetadata().getAnnotations().get(Children.ANNOTATION_NODES))
        .isEqualTo("db-a=" + ToyCluster.address());
    assertThat(slices("far-readonly").getFirst().getMetadata().getAnnotations())
        .hasEntrySatisfying(
            Children.ANNOTATION_NODES, nodes -> assertThat(nodes).contains("db-b=", "db-c="));
    var before = slices("far-readonly").getFirst().getMetadata().getResourceVersion();

    toys.down("db-a");
    await()
        .untilAsserted(
            () -> assertThat(node("far", "db-a").path("status").asText()).isEqualTo("Unknown"));
    assertThat(slices("far-readwrite")).hasSize(1);
    assertThat(condition("far", "TopologyReady")).isEqualTo("False SyncTopologyWaiting");
    assertThat(status("far").path("waitingFor").path("predicate").asText())
        .contains("db-a answers");
    toys.up("db-a");
    awaitReady("far");
    assertThat(slices("far-readonly").getFirst().getMetadata().getResourceVersion())
        .isEqualTo(before);

    toys.down("db-c");
    await()
        .untilAsserted(() ->
            assertThat(slices("far-readonly").getFirst().getMetadata().getAnnotations())
                .containsEntry(Children.ANNOTATION_NODES, "db-b=" + ToyCluster.address()));
    toys.up("db-c");

    edit("far", spec("no", "db-a"));
    await().untilAsserted(() -> assertThat(slices("far-readonly")).isEmpty());
    await()
        .untilAsserted(() ->
            assertThat(
                    api.client()
                        .services()
                        .inNamespace(api.namespace())
                        .withName("far-readonly")
                        .get())
                .isNull());
    assertThat(slices("far-readwrite")).hasSize(1);
  }

  @Test
  void leavesWhatBelongsToOthersAlone() {
    units("demo-0");
    api.client()
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withName("demo-readwrite")
                .withNamespace(api.namespace())
                .endMetadata()
                .withNewSpec()
                .addToSelector("app", "mine")
                .addNewPort()
                .withPort(1)
                .endPort()
                .endSpec()
                .build())
        .create();
    create("demo", "no", "demo-0");
    await()
        .untilAsserted(() ->
            assertThat(condition("demo", "ResourceReady")).isEqualTo("False SyncResourceFailed"));
    assertThat(conditionMessage("demo", "ResourceReady")).contains("Service \"demo-readwrite\"");
    assertThat(status("demo").path("ready").asBoolean()).isFalse();
    assertThat(service("demo-readwrite").getSpec().getSelector()).isEqualTo(Map.of("app", "mine"));
    api.client().resource(service("demo-readwrite")).delete();
    awaitReady("demo");
  }

  @Test
  void repairsWhatOthersChanged() {
    units("demo-0", "demo-1");
    create("demo", "no", "demo-0", "demo-1");
    awaitReady("demo");
    api.client()
        .pods()
        .inNamespace(api.namespace())
        .withName("demo-1")
        .edit(
            pod -> pod.edit().editMetadata().addToLabels(READONLY, "false").endMetadata().build());
    await()
        .untilAsserted(() -> assertThat(api.podLabels("demo-1")).containsEntry(READONLY, "true"));
    api.client().resource(service("demo-readwrite")).delete();
    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(service("demo-readwrite")).isNotNull());
  }

  @Test
  void anUnreachableNodeKeepsItsRouteUntilAnotherTakesWrites() {
    units("demo-0", "demo-1");
    create("demo", "no", "demo-0", "demo-1");
    awaitReady("demo");
    toys.down("demo-0");
    toys.down("demo-1");
    agents.say(new UnitKey(api.namespace(), "demo-0"), Health.down("gone"));
    await()
        .untilAsserted(
            () -> assertThat(node("demo", "demo-0").path("status").asText()).isEqualTo("Unknown"));
    assertThat(api.podLabels("demo-0")).containsEntry(READONLY, "false");
    assertThat(api.podLabels("demo-1")).containsEntry(READONLY, "true");
    annotate("demo", "compose-operator/skip.reconcile", "true");
    toys.set("demo-1", true, "-");
    toys.up("demo-1");
    await()
        .untilAsserted(() -> assertThat(api.podLabels("demo-1")).containsEntry(READONLY, "false"));
    assertThat(api.podLabels("demo-0")).doesNotContainKey(READONLY);
  }

  @Test
  void aDeletedTopologyLeavesNothing() {
    units("demo-0", "demo-1");
    create("demo", "no", "demo-0", "demo-1");
    awaitReady("demo");
    object("demo").delete();
    await()
        .untilAsserted(
            () -> assertThat(api.podLabels("demo-0")).doesNotContainKeys(NAME, READONLY));
    await()
        .untilAsserted(() ->
            assertThat(api.client().services().inNamespace(api.namespace()).list().getItems())
                .isEmpty());
  }

  private List<EndpointSlice> slices(String service) {
    return api.client()
        .discovery()
        .v1()
        .endpointSlices()
        .inNamespace(api.namespace())
        .withLabel("kubernetes.io/service-name", service)
        .withLabel(Children.LABEL_SLICE, Children.SLICES_MANAGED_BY)
        .list()
        .getItems();
  }
}
