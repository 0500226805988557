package io.upm.runtime.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.upm.host.plugin.PluginPhase;
import io.upm.runtime.agent.UnitKey;
import io.upm.runtime.engine.ImageOverrides;
import io.upm.runtime.engine.PluginDirectory;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Owners;
import io.upm.spi.instance.Health;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.SetView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The topology loops with a toy plugin, toy databases and a real API server. */
@Timeout(180)
final class TopologyLoopsIT {
  private static final String DEFINITION = "toyreplications.upm.syntropycloud.io";
  private static final String NAME = "compose-operator/toy-replication.name";
  private static final String READONLY = "compose-operator/toy-replication.readonly";

  private ApiServer api;
  private ToyCluster toys;
  private PluginDirectory plugins;
  private TopologyLoops loops;
  private final FakeAgents agents = new FakeAgents();

  @TempDir private Path temporary;

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

  private TopologyLoops newLoops() {
    return new TopologyLoops(api.client(), plugins, agents, InstantSource.system(), "test");
  }

  @Test
  void setsUpReplicationAndLeadsClientsToIt() {
    units("demo-0", "demo-1", "demo-2");
    create("demo", "no", "demo-0", "demo-1", "demo-2");
    awaitReady("demo");

    JsonNode status = status("demo");
    assertThat(status.path("source").asText()).isEqualTo("demo-0");
    assertThat(status.path("epoch").asLong()).isEqualTo(1);
    assertThat(status.has("intent")).isFalse();
    assertThat(status.path("observedGeneration").asLong()).isEqualTo(1);
    assertThat(status.path("topology").path("demo-1").path("role").asText()).isEqualTo("Replica");
    assertThat(status.path("topology").path("demo-1").path("readonly").asBoolean()).isTrue();
    assertThat(status.path("topology").path("demo-0").path("status").asText()).isEqualTo("Healthy");
    assertThat(condition("demo", "TopologyReady")).isEqualTo("True SyncTopologySucceed");
    assertThat(condition("demo", "ResourceReady")).isEqualTo("True SyncResourceSucceed");
    assertThat(condition("demo", "Degraded")).isEqualTo("False AsExpected");

    assertThat(api.podLabels("demo-0"))
        .containsEntry(NAME, "demo")
        .containsEntry(READONLY, "false");
    assertThat(api.podLabels("demo-1")).containsEntry(NAME, "demo").containsEntry(READONLY, "true");
    assertThat(api.podLabels("demo-2")).containsEntry(READONLY, "true");
    Service writes = service("demo-readwrite");
    assertThat(writes.getSpec().getType()).isEqualTo("ClusterIP");
    assertThat(writes.getSpec().getSelector()).isEqualTo(Map.of(NAME, "demo", READONLY, "false"));
    assertThat(writes.getSpec().getPorts().getFirst().getName()).isEqualTo("toy");
    assertThat(writes.getSpec().getPorts().getFirst().getPort()).isEqualTo(toys.port());
    assertThat(Owners.controls(object("demo").get(), writes)).isTrue();
    assertThat(service("demo-readonly").getSpec().getSelector()).containsEntry(READONLY, "true");
    assertThat(api.events("demo"))
        .anyMatch(event -> event.startsWith("Promote: demo-0"))
        .anyMatch(event -> event.startsWith("PromoteRemembered: demo-0 is to take writes"))
        .anyMatch(event -> event.startsWith("SyncTopologySucceed"));
    assertThat(toys.changes)
        .containsExactly("demo-0 WRITABLE", "demo-1 FOLLOW demo-0", "demo-2 FOLLOW demo-0");
  }

  @Test
  void writesNothingWhenOnlyGaugesMove() {
    units("demo-0", "demo-1");
    create("demo", "no", "demo-0", "demo-1");
    awaitReady("demo");
    var before = versions();
    long reads = toys.position.get();
    int events = api.events("demo").size();
    await()
        .during(Duration.ofSeconds(12))
        .atMost(Duration.ofSeconds(14))
        .untilAsserted(() -> assertThat(versions()).isEqualTo(before));
    assertThat(toys.position.get()).isGreaterThan(reads + 2);
    assertThat(api.events("demo")).hasSize(events);
  }

  @Test
  void onlyLooksOnWhileThereIsTheAnnotation() {
    units("demo-0", "demo-1");
    create("demo", "no", "demo-0", "demo-1");
    awaitReady("demo");
    annotate("demo", "compose-operator/skip-reconcile", "true");
    await()
        .untilAsserted(
            () -> assertThat(condition("demo", "Paused")).isEqualTo("True SkipReconcile"));
    toys.changes.clear();
    toys.set("demo-0", false, "demo-1");
    toys.set("demo-1", true, "-");

    await()
        .untilAsserted(() -> assertThat(api.podLabels("demo-1")).containsEntry(READONLY, "false"));
    assertThat(api.podLabels("demo-0").get(READONLY)).isNotEqualTo("false");
    await().untilAsserted(() -> assertThat(status("demo").path("ready").asBoolean()).isFalse());
    assertThat(toys.changes).isEmpty();
    assertThat(conditionMessage("demo", "Paused")).contains("next would be: demo-1");

    annotate("demo", "compose-operator/skip-reconcile", "false");
    awaitReady("demo");
    assertThat(toys.writable("demo-0")).isTrue();
    assertThat(toys.writable("demo-1")).isFalse();
    assertThat(api.podLabels("demo-0")).containsEntry(READONLY, "false");
  }

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
  void aFaultOfThePluginStaysWithItsObject() {
    units("demo-0", "other-0");
    create("demo", "error", "demo-0");
    await()
        .untilAsserted(
            () -> assertThat(condition("demo", "Degraded")).isEqualTo("True PluginFault"));
    assertThat(conditionMessage("demo", "Degraded"))
        .contains("toy@1.0.0")
        .contains("StackOverflowError");
    create("other", "no", "other-0");
    awaitReady("other");
    edit("demo", spec("no", "demo-0"));
    awaitReady("demo");
    assertThat(condition("demo", "Degraded")).isEqualTo("False AsExpected");
  }

  @Test
  void aDecisionThatIsRepeatedForEverDoesNotSpin() {
    units("demo-0");
    create("demo", "spin", "demo-0");
    await().untilAsserted(() -> assertThat(toys.changes).hasSizeGreaterThanOrEqualTo(3));
    await()
        .during(Duration.ofSeconds(6))
        .atMost(Duration.ofSeconds(8))
        .untilAsserted(() -> assertThat(toys.changes).hasSizeLessThan(8));
  }

  @Test
  void whatIsWrongIsToldInOneSentenceAndHeals() {
    units("demo-0");
    create("demo", "no", "demo-0", "demo-0");
    await()
        .untilAsserted(
            () -> assertThat(condition("demo", "TopologyReady")).isEqualTo("False InvalidSpec"));
    assertThat(status("demo").path("message").asText())
        .contains("spec.replica: \"demo-0\" is not allowed");
    api.client().secrets().inNamespace(api.namespace()).withName("toy-secret").delete();
    edit("demo", spec("no", "demo-0"));
    await()
        .untilAsserted(
            () -> assertThat(condition("demo", "TopologyReady")).isEqualTo("False InvalidInput"));
    assertThat(status("demo").path("message").asText())
        .isEqualTo("Secret %s/toy-secret is missing".formatted(api.namespace()));
    api.secret("toy-secret", Map.of("other", "x"));
    await()
        .untilAsserted(() ->
            assertThat(status("demo").path("message").asText()).contains("has no key \"root\""));
    api.client().secrets().inNamespace(api.namespace()).withName("toy-secret").delete();
    api.secret("toy-secret", Map.of("root", "pässword"));
    awaitReady("demo");
    assertThat(loops.check("ToyReplication", Map.of("secret", "x")).orElseThrow())
        .anyMatch(problem -> problem.field().equals("spec.source"));
    assertThat(loops.check("NoSuchKind", Map.of())).isEmpty();
  }

  @Test
  void goesOnFromWhatIsRememberedWhenItIsStartedAgain() {
    units("demo-0", "demo-1");
    toys.refuse("WRITABLE");
    create("demo", "no", "demo-0", "demo-1");
    await()
        .untilAsserted(() ->
            assertThat(status("demo").path("intent").path("kind").asText()).isEqualTo("promote"));
    await()
        .untilAsserted(() ->
            assertThat(condition("demo", "TopologyReady")).isEqualTo("False SyncTopologyFailed"));
    String version = object("demo").require().getMetadata().getResourceVersion();
    await()
        .during(Duration.ofSeconds(5))
        .untilAsserted(() ->
            assertThat(object("demo").require().getMetadata().getResourceVersion())
                .isEqualTo(version));
    assertThat(status("demo").path("message").asText()).contains("WRITABLE is refused");
    assertThat(status("demo").path("topology").path("demo-1").path("role").asText())
        .isEqualTo("Replica");
    assertThat(api.events("demo").stream().filter(event -> event.startsWith("PromoteFailed")))
        .hasSize(1);
    String definition = definition().getMetadata().getResourceVersion();
    String began = status("demo").path("intent").path("began").asText();
    loops.close();
    long reads = toys.position.get();
    toys.allow("WRITABLE");
    await()
        .during(Duration.ofSeconds(2))
        .untilAsserted(() -> assertThat(toys.position.get()).isEqualTo(reads));
    assertThat(status("demo").path("intent").path("began").asText()).isEqualTo(began);

    loops = newLoops();
    loops.start();
    awaitReady("demo");
    assertThat(definition().getMetadata().getResourceVersion()).isEqualTo(definition);
    assertThat(status("demo").path("epoch").asLong()).isEqualTo(1);
    assertThat(api.events("demo").stream().filter(event -> event.startsWith("PromoteRemembered")))
        .hasSize(1);
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

  @Test
  void anotherVersionOfThePluginTakesOver() throws Exception {
    units("demo-0");
    create("demo", "error", "demo-0");
    await()
        .untilAsserted(
            () -> assertThat(conditionMessage("demo", "Degraded")).contains("toy@1.0.0"));
    new ToyZip("toy", "1.1.0").write(temporary.resolve("plugins/toy-1.1.zip"));
    var before = plugins.engines().getFirst().loaded();
    plugins.rescan();
    await()
        .untilAsserted(
            () -> assertThat(conditionMessage("demo", "Degraded")).contains("toy@1.1.0"));
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> assertThat(before.phase()).isEqualTo(PluginPhase.RECLAIMED));
  }

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

  private CustomResourceDefinition definition() {
    return api.client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(DEFINITION)
        .require();
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

  private void units(String... names) {
    api.secret("toy-secret", Map.of("root", "pässword"));
    for (String name : names) {
      api.unit(name);
    }
  }

  private void create(String name, String misbehave, String... nodes) {
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

  private Map<String, Object> spec(String misbehave, String... nodes) {
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

  private static String host(String node) {
    try {
      return node.startsWith("db-") ? ToyCluster.address() : "127.0.0.1";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void edit(String name, Map<String, Object> spec) {
    edit(name, object -> object.setAdditionalProperty("spec", spec));
  }

  private void annotate(String name, String annotation, String value) {
    edit(name, object -> object.getMetadata().getAnnotations().put(annotation, value));
  }

  /** The loop may write status in between. */
  private void edit(String name, Consumer<GenericKubernetesResource> change) {
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

  private Resource<GenericKubernetesResource> object(String name) {
    return api.client()
        .genericKubernetesResources("upm.syntropycloud.io/v1alpha1", "ToyReplication")
        .inNamespace(api.namespace())
        .withName(name);
  }

  private JsonNode status(String name) {
    return new TopologyResource(object(name).require()).status();
  }

  private JsonNode node(String name, String node) {
    return status(name).path("topology").path(node);
  }

  private String condition(String name, String type) {
    return Conditions.find(StatusDocument.conditions(status(name)), type)
        .map(one -> one.getStatus() + " " + one.getReason())
        .orElse("");
  }

  private String conditionMessage(String name, String type) {
    return Conditions.find(StatusDocument.conditions(status(name)), type)
        .map(Condition::getMessage)
        .orElse("");
  }

  private void awaitReady(String name) {
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

  private Service service(String name) {
    return api.client().services().inNamespace(api.namespace()).withName(name).require();
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

  private List<String> versions() {
    Stream<? extends HasMetadata> all =
        Stream.of(
                List.of(object("demo").require()),
                api.client().services().inNamespace(api.namespace()).list().getItems(),
                api.client().pods().inNamespace(api.namespace()).list().getItems())
            .flatMap(List::stream);
    return all.map(
            one -> one.getMetadata().getName() + "@" + one.getMetadata().getResourceVersion())
        .toList();
  }
}
