package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.api.Database;
import io.upm.runtime.api.DatabaseUser;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.ProvisionStatus;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.testing.PretendedOperation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Declared databases and users against a real API server; what agents do is up to the test. */
@Tag("side-by-side")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProvisionIT {
  private static final String SET = "orders";

  private ControllerScene scene;

  @BeforeAll
  void open() throws IOException {
    scene = new ControllerScene();
    scene.cluster().apply(SET, "spec/units=1");
    scene.cluster().secret("keys", "app");
    scene.awaitReady(SET, 1);
  }

  @AfterAll
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void aUserIsGivenOnceFollowsItsSecretAndStaysWhenItsObjectGoes() {
    makeUser("app", "host: 10.%, grants: [{database: shelf, privileges: [READ]}]");
    PretendedOperation invited = awaitOperation(awaitCall(DatabaseUser.class, "app", ""));
    assertThat(invited.order().action()).isEqualTo("invite");
    assertThat(invited.order().secrets()).containsKey("app");
    invited.succeed("it is invited", Map.of("account", "app@10.%"));

    ProvisionStatus status = awaitReason(DatabaseUser.class, "app", "Applied");
    assertThat(Conditions.isTrue(status.conditions(), "Ready")).isTrue();
    assertThat(status.name()).isEqualTo("app");
    assertThat(Objects.requireNonNull(status.applied()).unit()).isEqualTo("orders-0");
    assertThat(status.applied().values()).isEqualTo(Map.of("account", "app@10.%"));
    awaitNoCall(DatabaseUser.class, "app");
    scene.runtime().nudgeAll();
    assertStays(DatabaseUser.class, "app");

    changeSecret();
    // A new process knows nothing of the Secret, and sees what changed while there was none.
    scene.restart();
    GrpcCall again = awaitCall(DatabaseUser.class, "app", "");
    awaitOperation(again).succeed("it has another one", Map.of("formerPasswordKept", "true"));
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(status(DatabaseUser.class, "app"))
                .isNotNull()
                .extracting(ProvisionStatus::formerPasswordUntil)
                .isNotNull());
    awaitNoCall(DatabaseUser.class, "app");
    assertStays(DatabaseUser.class, "app");

    object(DatabaseUser.class, "app").delete();

    awaitGone(DatabaseUser.class, "app");
    assertThat(calls(DatabaseUser.class, "app")).as("it is retained").isEmpty();
  }

  @Test
  void whatIsToBeDroppedIsDroppedBeforeItsObjectGoes() {
    makeDatabase("shelf", "deletionPolicy: Delete, options: {order: big}");
    awaitOperation(awaitCall(Database.class, "shelf", "")).succeed("it is there", Map.of());
    awaitReason(Database.class, "shelf", "Applied");
    awaitNoCall(Database.class, "shelf");

    object(Database.class, "shelf").delete();
    GrpcCall drop = awaitCall(Database.class, "shelf", "-drop");
    assertThat(drop.getSpec().action()).isEqualTo("unshelve");
    assertThat(drop.getSpec().parameterTree().toString()).isEqualTo("{\"name\":\"shelf\"}");
    PretendedOperation operation = awaitOperation(drop);
    assertThat(object(Database.class, "shelf").get()).as("it waits for that").isNotNull();
    operation.succeed("it is gone", Map.of());

    awaitGone(Database.class, "shelf");
  }

  @Test
  void whatCannotBeIsSaidInOneSentence() {
    makeDatabase("first", "name: page");
    awaitOperation(awaitCall(Database.class, "first", "")).succeed("it is there", Map.of());
    awaitReason(Database.class, "first", "Applied");
    makeDatabase("second", "name: page");

    awaitReason(Database.class, "second", "Invalid");
    assertThat(message(Database.class, "second"))
        .isEqualTo("spec.name: \"page\" is not allowed: Database first declares it already");
    assertThatThrownBy(() -> patch(Database.class, "first", "{\"spec\":{\"name\":\"other\"}}"))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("can't be changed: make another Database");
    assertThatThrownBy(() -> patch(Database.class, "first", "{\"spec\":{\"name\":null}}"))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("can't be changed: make another Database");
  }

  @Test
  void whatIsLackingIsSaidAndHoldsNobody() {
    makeUser("early", "deletionPolicy: Delete", "nobody", "keys");
    makeUser("locked", "", SET, "nothing");

    awaitReason(DatabaseUser.class, "early", "Waiting");
    assertThat(message(DatabaseUser.class, "early"))
        .isEqualTo("waits that UnitSet nobody has a Unit");
    awaitReason(DatabaseUser.class, "locked", "Waiting");
    assertThat(message(DatabaseUser.class, "locked"))
        .isEqualTo("waits that there is a Secret nothing with a value for the key app");
    assertStays(DatabaseUser.class, "locked");
    object(DatabaseUser.class, "early").delete();
    awaitGone(DatabaseUser.class, "early");

    scene.cluster().secret("nothing", "app");
    awaitOperation(awaitCall(DatabaseUser.class, "locked", "")).fail("it is full", false);

    awaitReason(DatabaseUser.class, "locked", "Failed");
    assertThat(message(DatabaseUser.class, "locked")).isEqualTo("it is full");
  }

  @Test
  void nothingIsHeldWhenTheUnitSetIsGone() {
    scene.cluster().apply("brief", "spec/units=1");
    scene.awaitReady("brief", 1);
    makeUser("left", "deletionPolicy: Delete", "brief", "keys");
    awaitOperation(awaitCall(DatabaseUser.class, "left", "")).succeed("it is invited", Map.of());
    awaitReason(DatabaseUser.class, "left", "Applied");

    scene.cluster().remove(UnitSet.class, "brief");
    object(DatabaseUser.class, "left").delete();

    awaitGone(DatabaseUser.class, "left");
  }

  private void makeDatabase(String name, String more) {
    make("Database", name, SET, more);
  }

  private void makeUser(String name, String more) {
    makeUser(name, more, SET, "keys");
  }

  private void makeUser(String name, String more, String set, String secret) {
    make(
        "DatabaseUser",
        name,
        set,
        "secretRef: {name: %s, key: app}%s".formatted(secret, more.isEmpty() ? "" : ", " + more));
  }

  private void make(String kind, String name, String set, String more) {
    scene
        .cluster()
        .client()
        .resource(
            """
            apiVersion: upm.syntropycloud.io/v1alpha1
            kind: %s
            metadata: {name: %s, namespace: %s}
            spec: {unitSet: %s, %s}
            """
                .formatted(kind, name, scene.cluster().namespace(), set, more))
        .create();
  }

  private void changeSecret() {
    scene
        .cluster()
        .client()
        .secrets()
        .inNamespace(scene.cluster().namespace())
        .withName("keys")
        .patch(
            new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).build(),
            "{\"stringData\":{\"app\":\"another\"}}");
  }

  private <T extends CustomResource<?, ProvisionStatus>> Resource<T> object(
      Class<T> kind, String name) {
    return scene
        .cluster()
        .client()
        .resources(kind)
        .inNamespace(scene.cluster().namespace())
        .withName(name);
  }

  private @Nullable ProvisionStatus status(
      Class<? extends CustomResource<?, ProvisionStatus>> kind, String name) {
    return object(kind, name).require().getStatus();
  }

  private String message(Class<? extends CustomResource<?, ProvisionStatus>> kind, String name) {
    return Conditions.find(Objects.requireNonNull(status(kind, name)).conditions(), "Ready")
        .orElseThrow()
        .getMessage();
  }

  private List<GrpcCall> calls(
      Class<? extends CustomResource<?, ProvisionStatus>> kind, String name) {
    String label = kind == Database.class ? "upm.io/database" : "upm.io/database-user";
    return scene
        .cluster()
        .client()
        .resources(GrpcCall.class)
        .inNamespace(scene.cluster().namespace())
        .withLabel(label, name)
        .list()
        .getItems();
  }

  private GrpcCall awaitCall(
      Class<? extends CustomResource<?, ProvisionStatus>> kind, String name, String end) {
    return await()
        .atMost(SOON)
        .until(
            () ->
                calls(kind, name).stream()
                    .filter(call -> call.getMetadata().getName().endsWith(end))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private void awaitNoCall(Class<? extends CustomResource<?, ProvisionStatus>> kind, String name) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(calls(kind, name)).as("those that are over").isEmpty());
  }

  private PretendedOperation awaitOperation(GrpcCall call) {
    String id = call.getMetadata().getUid() + "-1";
    return await()
        .atMost(SOON)
        .until(() -> scene.runtime().agents().operation(id), Optional::isPresent)
        .orElseThrow();
  }

  private ProvisionStatus awaitReason(
      Class<? extends CustomResource<?, ProvisionStatus>> kind, String name, String reason) {
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(status(kind, name))
                .isNotNull()
                .extracting(ProvisionStatus::conditions)
                .satisfies(conditions ->
                    assertThat(conditions).extracting("reason").containsExactly(reason)));
    return Objects.requireNonNull(status(kind, name));
  }

  private void awaitGone(Class<? extends CustomResource<?, ProvisionStatus>> kind, String name) {
    await().atMost(SOON).until(() -> object(kind, name).get() == null);
  }

  /** What is over may be said once more, and then nothing is. */
  private void assertStays(Class<? extends CustomResource<?, ProvisionStatus>> kind, String name) {
    var seen = new AtomicReference<>("");
    await()
        .during(QUIET)
        .atMost(SOON)
        .until(() -> {
          String now = object(kind, name).require().getMetadata().getResourceVersion();
          return now.equals(seen.getAndSet(now)) && calls(kind, name).isEmpty();
        });
  }

  private void patch(
      Class<? extends CustomResource<?, ProvisionStatus>> kind, String name, String patch) {
    object(kind, name)
        .patch(new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).build(), patch);
  }
}
