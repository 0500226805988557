package io.upm.runtime.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.upm.host.plugin.PluginPhase;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.kube.Owners;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The topology loops with a toy plugin, toy databases and a real API server. */
@Timeout(180)
final class TopologyLoopsIT extends TopologyScene {
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

  private CustomResourceDefinition definition() {
    return api.client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(DEFINITION)
        .require();
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
