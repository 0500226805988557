package io.upm.runtime.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.upm.runtime.kube.Owners;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.SetView;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How topology objects and their status are written. */
@Timeout(180)
final class TopologyObjectsIT extends TopologyScene {
  @Test
  void statusIsOnlyWrittenInTheStateThatWasLookedAt() throws Exception {
    units("demo-0");
    create("demo", "no", "demo-0");
    awaitReady("demo");
    loops.close();
    var cached = new TopologyResource(object("demo").require());
    var writer =
        new StatusWriter(
            api.client()
                .genericKubernetesResources("upm.syntropycloud.io/v1alpha1", "ToyReplication"),
            cached.key(),
            () -> Optional.of(cached));
    TopologyResource looked = writer.current().orElseThrow();
    var next = ((ObjectNode) looked.status().deepCopy()).put("epoch", 7);
    annotate("demo", "somebody", "else");
    assertThatThrownBy(() -> writer.write(looked, next))
        .isInstanceOf(StatusWriter.ChangedMeanwhile.class);
    assertThat(status("demo").path("epoch").asLong()).isEqualTo(1);

    TopologyResource again = writer.current().orElseThrow();
    assertThat(writer.write(again, next)).isTrue();
    assertThat(status("demo").path("epoch").asLong()).isEqualTo(7);
    assertThat(writer.wrote(writer.current().orElseThrow())).isTrue();
    assertThat(writer.write(writer.current().orElseThrow(), next)).isFalse();
    var unknown = next.deepCopy().put("notInTheSchema", "x");
    assertThat(writer.write(writer.current().orElseThrow(), unknown)).isTrue();
    assertThat(writer.write(writer.current().orElseThrow(), unknown)).isFalse();
  }

  @Test
  void makesTheObjectOfAUnitSet() {
    units("demo-0", "demo-1");
    Service set = api.client().resource(unitSet("demo")).create();
    OwnerReference owner = Owners.controller(set);
    TopologyObjects objects = loops.objects();
    await()
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(objects.own("toy", api.namespace(), view("demo-0"), owner)).isEmpty());
    awaitReady("demo");
    await()
        .untilAsserted(() ->
            assertThat(objects.state("toy", api.namespace(), "demo").orElseThrow())
                .isEqualTo(new TopologyObjects.TopologyState(true, "all is well", "demo-0")));
    String version = object("demo").get().getMetadata().getResourceVersion();
    assertThat(objects.own("toy", api.namespace(), view("demo-0"), owner)).isEmpty();
    assertThat(object("demo").get().getMetadata().getResourceVersion()).isEqualTo(version);

    assertThat(objects.own("toy", api.namespace(), view("demo-0", "demo-1"), owner)).isEmpty();
    awaitReady("demo");
    assertThat(node("demo", "demo-1").path("role").asText()).isEqualTo("Replica");

    var other = owner.edit().withUid("another").build();
    assertThat(objects.own("toy", api.namespace(), view("demo-0"), other).getFirst().allowed())
        .contains("was not made for this UnitSet");
    objects.disown("toy", api.namespace(), "demo", "another");
    assertThat(object("demo").get()).isNotNull();
    objects.disown("toy", api.namespace(), "demo", owner.getUid());
    await().untilAsserted(() -> assertThat(object("demo").get()).isNull());
    await()
        .untilAsserted(() -> assertThat(objects.state("toy", api.namespace(), "demo")).isEmpty());
  }

  private SetView view(String... units) {
    return new SetView(
        "demo",
        "pair",
        Stream.of(units).map(unit -> new Endpoint(unit, "127.0.0.1", toys.port())).toList(),
        "toy-secret",
        Map.of(),
        "ClusterIP");
  }

  /** Something that can own. */
  private Service unitSet(String name) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(api.namespace())
        .endMetadata()
        .withNewSpec()
        .withClusterIP("None")
        .endSpec()
        .build();
  }
}
