package io.upm.runtime.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.upm.runtime.engine.ImageOverrides;
import io.upm.runtime.engine.PluginDirectory;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a topology object that is known already: no API server is asked. */
final class AppliedTopologyObjectsTest {
  private final KubernetesClient client = new KubernetesClientBuilder().build();
  private Optional<TopologyResource> known = Optional.empty();
  private PluginDirectory plugins;
  private AppliedTopologyObjects objects;

  @TempDir private Path temporary;

  @BeforeEach
  void open() throws IOException {
    new ToyZip("toy", "1.0.0").write(temporary.resolve("plugins/toy.zip"));
    plugins =
        new PluginDirectory(
            temporary.resolve("plugins"), temporary.resolve("work"), ImageOverrides.NONE);
    objects =
        new AppliedTopologyObjects(
            client, new TopologyCatalog(plugins, InstantSource.system()), (kind, key) -> known);
  }

  @AfterEach
  void close() {
    plugins.close();
    client.close();
  }

  @Test
  void asksThePluginWhoCanTakeOver() {
    known = Optional.of(object("no"));

    assertThat(successor("demo-0")).contains("demo-1");
    assertThat(successor("demo-1")).contains("demo-0");
  }

  @Test
  void nobodyTakesOverWhenThePluginFails() {
    for (String misbehave : List.of("error", "refuse")) {
      known = Optional.of(object(misbehave));

      assertThat(successor("demo-0")).as(misbehave).isEmpty();
    }
    assertThat(plugins.engines().getFirst().faults()).as("refusing is none").isEqualTo(1);
  }

  @Test
  void nobodyTakesOverInATopologyThatIsNotKnown() {
    assertThat(successor("demo-0")).isEmpty();
    assertThat(objects.state("toy", "here", "demo")).isEmpty();
  }

  @Test
  void tellsTheStateWithoutThePlugin() {
    known = Optional.of(object("error"));
    long faults = plugins.engines().getFirst().faults();

    assertThat(objects.state("toy", "here", "demo"))
        .contains(new TopologyState(true, "all is well", "demo-0"));
    assertThat(plugins.engines().getFirst().faults()).isEqualTo(faults);
  }

  private Optional<String> successor(String node) {
    return objects.successor("toy", "here", "demo", node);
  }

  private static TopologyResource object(String misbehave) {
    var object = new GenericKubernetesResource();
    object.setMetadata(
        new ObjectMetaBuilder().withName("demo").withNamespace("here").withGeneration(1L).build());
    object.setAdditionalProperty(
        "spec",
        Map.of(
            "secret",
            "toy-secret",
            "source",
            node("demo-0"),
            "replica",
            List.of(node("demo-1")),
            "misbehave",
            misbehave));
    object.setAdditionalProperty(
        "status",
        Map.of(
            "observedGeneration", 1, "ready", true, "message", "all is well", "source", "demo-0"));
    return new TopologyResource(object);
  }

  private static Map<String, Object> node(String name) {
    return Map.of("name", name, "host", "127.0.0.1", "port", 1);
  }
}
