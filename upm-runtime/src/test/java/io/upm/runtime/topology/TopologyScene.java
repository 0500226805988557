package io.upm.runtime.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.upm.runtime.engine.ImageOverrides;
import io.upm.runtime.engine.PluginDirectory;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.kube.Conditions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The topology loops at work with a toy plugin, toy databases and a real API server, and what is
 * asked about them.
 */
abstract class TopologyScene {
  static final String DEFINITION = "toyreplications.upm.syntropycloud.io";
  static final String NAME = "compose-operator/toy-replication.name";
  static final String READONLY = "compose-operator/toy-replication.readonly";

  ApiServer api;
  ToyCluster toys;
  PluginDirectory plugins;
  TopologyLoops loops;
  final FakeAgents agents = new FakeAgents();

  @TempDir Path temporary;

  @BeforeEach
  void open() throws Exception {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
    api = ApiServer.open();
    toys = new ToyCluster("pässword");
    new ToyZip("toy", "1.0.0").write(temporary.resolve("plugins/toy.zip"));
    plugins =
        new PluginDirectory(
            temporary.resolve("plugins"), temporary.resolve("work"), ImageOverrides.NONE);
    loops = newLoops();
    loops.start();
  }

  @AfterEach
  void close() throws Exception {
    if (api == null) {
      return;
    }
    try (var server = api;
        var databases = toys;
        var directory = plugins;
        var managing = loops) {
      server
          .client()
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .withName(DEFINITION)
          .delete();
    }
  }

  TopologyLoops newLoops() {
    return new TopologyLoops(api.client(), plugins, agents, InstantSource.system(), "test");
  }

  void units(String... names) {
    api.secret("toy-secret", Map.of("root", "pässword"));
    for (String name : names) {
      api.unit(name);
    }
  }

  void create(String name, String misbehave, String... nodes) {
    if (api.client().secrets().inNamespace(api.namespace()).withName("toy-secret").get() == null) {
      api.secret("toy-secret", Map.of("root", "pässword"));
    }
    var object = new GenericKubernetesResource();
    object.setApiVersion("upm.syntropycloud.io/v1alpha1");
    object.setKind("ToyReplication");
    object.setMetadata(
        new ObjectMetaBuilder().withName(name).withNamespace(api.namespace()).build());
    object.setAdditionalProperty("spec", spec(misbehave, nodes));
    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(api.client().resource(object).create()).isNotNull());
  }

  Map<String, Object> spec(String misbehave, String... nodes) {
    List<Map<String, Object>> all =
        Stream.of(nodes)
            .map(node ->
                Map.<String, Object>of("name", node, "host", host(node), "port", toys.port()))
            .toList();
    return Map.of(
        "secret",
        "toy-secret",
        "source",
        all.getFirst(),
        "replica",
        all.subList(1, all.size()),
        "misbehave",
        misbehave);
  }

  static String host(String node) {
    try {
      return node.startsWith("db-") ? ToyCluster.address() : "127.0.0.1";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  void edit(String name, Map<String, Object> spec) {
    edit(name, object -> object.setAdditionalProperty("spec", spec));
  }

  void annotate(String name, String annotation, String value) {
    edit(name, object -> object.getMetadata().getAnnotations().put(annotation, value));
  }

  /** The loop may write status in between. */
  void edit(String name, Consumer<GenericKubernetesResource> change) {
    await()
        .ignoreExceptionsInstanceOf(KubernetesClientException.class)
        .until(() -> {
          object(name)
              .edit(object -> {
                change.accept(object);
                return object;
              });
          return true;
        });
  }

  Resource<GenericKubernetesResource> object(String name) {
    return api.client()
        .genericKubernetesResources("upm.syntropycloud.io/v1alpha1", "ToyReplication")
        .inNamespace(api.namespace())
        .withName(name);
  }

  JsonNode status(String name) {
    return new TopologyResource(object(name).require()).status();
  }

  JsonNode node(String name, String node) {
    return status(name).path("topology").path(node);
  }

  String condition(String name, String type) {
    return Conditions.find(StatusDocument.conditions(status(name)), type)
        .map(one -> one.getStatus() + " " + one.getReason())
        .orElse("");
  }

  String conditionMessage(String name, String type) {
    return Conditions.find(StatusDocument.conditions(status(name)), type)
        .map(Condition::getMessage)
        .orElse("");
  }

  void awaitReady(String name) {
    await()
        .untilAsserted(() -> {
          var object = new TopologyResource(object(name).require());
          assertThat(object.status().path("ready").asBoolean())
              .as(object.status().toPrettyString())
              .isTrue();
          assertThat(object.status().path("observedGeneration").asLong())
              .isEqualTo(object.generation());
        });
  }

  Service service(String name) {
    return api.client().services().inNamespace(api.namespace()).withName(name).require();
  }
}
