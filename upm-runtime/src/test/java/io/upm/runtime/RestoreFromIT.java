package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.upm.runtime.agent.UnitKey;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.Unit;
import io.upm.runtime.testing.PretendedOperation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sets that begin with a backup; what their agents restore is up to the test. */
@Tag("side-by-side")
class RestoreFromIT {
  private static final String SHELF = from("shelf");
  private static final String ATTIC = from("attic");

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
  void eachUnitBeginsWithItOnce() {
    apply(2, SHELF);
    PretendedOperation first = awaitOperation("db-0");
    PretendedOperation second = awaitOperation("db-1");
    assertThat(first.order().action()).isEqualTo("polish");
    assertThat(first.order().parameters()).isEqualTo("{\"source\":\"shelf\"}");
    assertThat(first.order().secrets()).containsOnlyKeys("boss", "replication");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(scene.condition("db", "Ready"))
                .startsWith("0 of 2 units are ready; db-0: GrpcCall db-0-restore-")
                .endsWith(" to restore the data: polishes"));
    Map<String, String> calls = calls();

    scene.restartBesideAgents();
    first.succeed("restored");
    fill("db-0");
    second.succeed("restored");
    fill("db-1");

    scene.awaitReady("db", 2);
    assertStay(calls);
    scene.restartBesideAgents();
    replacePod("db-0");
    assertStay(calls);
    scene.awaitReady("db", 2);

    Map<String, String> pods = scene.uids();
    scene.cluster().apply("db", "spec/units=2");

    scene.awaitReady("db", 2);
    assertStay(calls);
    assertThat(scene.uids()).isEqualTo(pods);
    assertThatThrownBy(() -> apply(2, SHELF))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("spec.restoreFrom can only be given when the UnitSet is made");
  }

  @Test
  void aFailureIsToldAndAnotherWishHealsIt() {
    apply(1, SHELF);
    awaitOperation("db-0").fail("there is no such backup", false);

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(scene.condition("db", "Ready"))
                .contains(
                    "could not restore them: there is no such backup",
                    "mend spec.restoreFrom of the UnitSet, or delete that GrpcCall"));
    assertStay(calls());

    apply(1, ATTIC);

    await().atMost(SOON).until(() -> calls().size() == 2);
    PretendedOperation another = awaitOperation("db-0");
    assertThat(another.order().parameters()).isEqualTo("{\"source\":\"attic\"}");
    another.succeed("restored");
    fill("db-0");
    scene.awaitReady("db", 1);
  }

  @Test
  void oneThatIsDeletedIsTriedAgain() {
    apply(1, SHELF);
    awaitOperation("db-0").fail("the store is away", false);
    Map<String, String> failed = calls();

    scene
        .cluster()
        .client()
        .resources(GrpcCall.class)
        .inNamespace(scene.cluster().namespace())
        .withName(failed.keySet().iterator().next())
        .delete();

    await().atMost(SOON).until(() -> calls().size() == 1 && !calls().equals(failed));
    assertThat(calls().keySet()).isEqualTo(failed.keySet());
    awaitOperation("db-0").succeed("restored");
    fill("db-0");
    scene.awaitReady("db", 1);
  }

  @Test
  void anotherWishEndsTheOneBefore() {
    apply(1, SHELF);
    PretendedOperation first = awaitOperation("db-0");

    apply(1, ATTIC);

    await().atMost(SOON).until(first::cancelled);
    await().atMost(SOON).until(() -> calls().size() == 2);
    assertThat(awaitOperation("db-0").order().parameters()).contains("attic");
  }

  @Test
  void theBackupThatIsNamedSaysWhatIsRestored() {
    apply(1, "spec/restoreFrom={backup: nightly, parameters: {until: noon}}");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(scene.condition("db", "Ready"))
                .endsWith(
                    "db-0: Backup nightly, which isn't there; make it, or name another Backup in"
                        + " spec.restoreFrom of the UnitSet"));

    scene.cluster().applyUnit("solo-0");
    HasMetadata nightly = nightly();
    PretendedOperation copying = awaitOperation("solo-0");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(scene.condition("db", "Ready")).contains("the end of Backup nightly"));
    copying.succeed("it is copied", Map.of("backup", "s3://shelf/copy/"));

    PretendedOperation operation = awaitOperation("db-0");
    assertThat(operation.order().action()).isEqualTo("polish");
    assertThat(operation.order().parameters())
        .isEqualTo("{\"shelf\":\"top\",\"source\":\"s3://shelf/copy/\",\"until\":\"noon\"}");
    assertThat(operation.order().secrets()).containsOnlyKeys("boss", "replication");
    Map<String, String> restores = restores();

    scene.cluster().client().resource(nightly).delete();
    scene.restartBesideAgents();
    await().during(QUIET).atMost(SOON).until(() -> restores().equals(restores));
    operation.succeed("restored");
    fill("db-0");

    scene.awaitReady("db", 1);
    await().during(QUIET).atMost(SOON).until(() -> restores().equals(restores));
  }

  private HasMetadata nightly() {
    return scene
        .cluster()
        .client()
        .resource(
            """
            apiVersion: upm.syntropycloud.io/v1alpha1
            kind: Backup
            metadata: {name: nightly, namespace: %s}
            spec:
              type: acme
              unit: solo-0
              action: copy
              parameters: {shelf: top, how: slow}
              secretRef: {name: db-secret}
            """
                .formatted(scene.cluster().namespace()))
        .create();
  }

  private Map<String, String> restores() {
    var restores = new TreeMap<>(calls());
    restores.keySet().removeIf(name -> !name.startsWith("db-0-restore-"));
    return restores;
  }

  private static String from(String source) {
    return "spec/restoreFrom={action: polish, parameters: {source: %s}, secretRef: {name: db-secret}}"
        .formatted(source);
  }

  private void apply(int units, String from) {
    scene.cluster().apply("db", "spec/units=" + units, from);
  }

  /** The last one that was begun for a unit. */
  private PretendedOperation awaitOperation(String unit) {
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(operation(unit))
                .as(() -> "%s".formatted(scene.cluster().get(Unit.class, unit).getStatus()))
                .isPresent());
    return operation(unit).orElseThrow();
  }

  private Optional<PretendedOperation> operation(String unit) {
    List<GrpcCall> open =
        scene.cluster().all(GrpcCall.class).stream()
            .filter(call -> call.getSpec().targetUnit().equals(unit))
            .filter(call -> call.getStatus() == null || !call.getStatus().ended())
            .toList();
    return open.size() == 1
        ? scene.runtime().agents().operation(open.getFirst().getMetadata().getUid() + "-1")
        : Optional.empty();
  }

  private void fill(String unit) {
    scene.runtime().agents().fill(new UnitKey(scene.cluster().namespace(), unit));
  }

  private Map<String, String> calls() {
    return scene.cluster().all(GrpcCall.class).stream()
        .collect(
            Collectors.toMap(
                call -> call.getMetadata().getName(), call -> call.getMetadata().getUid()));
  }

  private void assertStay(Map<String, String> calls) {
    await().during(QUIET).atMost(SOON).until(() -> calls().equals(calls));
  }

  private void replacePod(String name) {
    Map<String, String> before = scene.uids();
    scene
        .cluster()
        .client()
        .resources(Pod.class)
        .inNamespace(scene.cluster().namespace())
        .withName(name)
        .delete();
    await().atMost(SOON).until(() -> scene.uids().containsKey(name) && !scene.same(name, before));
  }
}
