package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.GrpcCallStatus.Phase;
import io.upm.runtime.api.GrpcCallStatus.Result;
import io.upm.runtime.api.Unit;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.testing.PretendedOperation;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Calls against a real API server; what agents do is up to the test. */
@Tag("side-by-side")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcCallsIT {
  private ControllerScene scene;
  private int units;
  private String unit = "";

  @BeforeAll
  void open() throws IOException {
    scene = new ControllerScene();
  }

  /** One for each test: a call that one leaves open must not keep the next one's waiting. */
  @BeforeEach
  void applyUnit() {
    unit = "solo-" + ++units;
    scene.cluster().applyUnit(unit);
  }

  @AfterAll
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void isBegunOnceToldOfAndThenWritesNothing() {
    scene.cluster().secret("keys", "access");
    make("shine", "secretRef: {name: keys}, parameters: {cloth: soft}");

    PretendedOperation operation = awaitOperation("shine", 1);
    assertThat(operation.order().action()).isEqualTo("polish");
    assertThat(operation.order().parameters()).isEqualTo("{\"cloth\":\"soft\"}");
    assertThat(operation.order().secrets())
        .isEqualTo(Map.of("access", ByteString.copyFromUtf8("a access")));
    GrpcCallStatus running = awaitPhase("shine", Phase.RUNNING);
    assertThat(Objects.requireNonNull(running.progress()).percent()).isEqualTo(10);
    assertThat(running.message()).isEqualTo("polishes");

    operation.succeed("it shines");

    GrpcCallStatus last = awaitPhase("shine", Phase.SUCCEEDED);
    assertThat(last.result()).isEqualTo(Result.SUCCESS);
    assertThat(last.message()).isEqualTo("it shines");
    assertThat(last.values()).isEqualTo(Map.of("shine", "much"));
    assertThat(last.log()).containsExactly("looked");
    assertThat(last.startTime()).isNotNull();
    assertThat(last.completionTime()).isNotNull();
    assertThat(last.plugin()).isEqualTo("1.0.0");
    assertThat(Conditions.isTrue(last.conditions(), "Complete")).isTrue();
    assertThat(call("shine").require().toString()).doesNotContain("a access");
    assertStays("shine");
    scene.restart();
    assertStays("shine");
  }

  @Test
  void oneAfterTheOtherTheOldestFirst() {
    make("first", "");
    PretendedOperation first = awaitOperation("first", 1);
    make("second", "");

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(message("second"))
                .isEqualTo("waits that GrpcCall first has ended: one at a time for each Unit"));
    assertThat(operation("second", 1)).isEmpty();

    first.succeed("done");

    awaitOperation("second", 1).succeed("done too");
    awaitPhase("second", Phase.SUCCEEDED);
  }

  @Test
  void waitsForItsUnit() {
    make("early", "targetUnit: later");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(message("early")).isEqualTo("waits that there is a Unit later"));

    scene.cluster().applyUnit("later");

    awaitOperation("early", 1);
  }

  @Test
  void aFailureThatMayPassIsTriedAgain() {
    make("tries", "retries: 1");
    awaitOperation("tries", 1).fail("no cloth", true);

    PretendedOperation again = awaitOperation("tries", 2);
    again.fail("no cloth at all", true);

    GrpcCallStatus last = awaitPhase("tries", Phase.FAILED);
    assertThat(last.result()).isEqualTo(Result.FAILED);
    assertThat(last.message()).isEqualTo("no cloth at all");
    assertThat(last.attempt()).isEqualTo(2);
    assertThat(Conditions.isTrue(last.conditions(), "Failed")).isTrue();
  }

  @Test
  void isCancelledWhenTheUserWantsThatOrItsTimeIsOver() {
    make("unwanted", "");
    PretendedOperation unwanted = awaitOperation("unwanted", 1);

    patch("unwanted", "{\"spec\":{\"cancel\":true}}");

    awaitPhase("unwanted", Phase.CANCELLED);
    assertThat(unwanted.cancelled()).isTrue();

    make("late", "deadlineSeconds: 10");
    awaitOperation("late", 1);
    GrpcCallStatus late = awaitPhase("late", Phase.FAILED);
    assertThat(late.message()).isEqualTo("its deadline of 10 s is over");
  }

  /** Its end is about to be written when it is deleted and made anew. */
  @Test
  void whatBecameOfOneIsNotSaidOfTheNextOfItsName() {
    for (int time = 0; time < 5; time++) {
      make("again", "");
      awaitOperation("again", 1).fail("it is worn out", false);
      call("again").delete();
    }

    make("again", "");
    awaitOperation("again", 1).succeed("it shines");
    assertThat(awaitPhase("again", Phase.SUCCEEDED).message()).isEqualTo("it shines");
  }

  @Test
  void isDeletedWhenItsTimeIsOver() {
    make("brief", "ttlSecondsAfterFinished: 1");
    awaitOperation("brief", 1).succeed("done");

    await().atMost(SOON).until(() -> call("brief").get() == null);
  }

  @Test
  void whatIsBadFailsInOneSentenceAndWhatHasBegunCannotBecomeAnother() {
    make("bad", "action: sing");
    assertThat(awaitPhase("bad", Phase.FAILED).message())
        .isEqualTo("spec.action: \"sing\" is not allowed: one of copy, inspect, polish, shred");

    make("foreign", "type: other");
    assertThat(awaitPhase("foreign", Phase.FAILED).message())
        .isEqualTo(
            "spec.type: \"other\" is not allowed: \"acme\", which Unit %s is".formatted(unit));

    assertThatThrownBy(() -> patch("bad", "{\"spec\":{\"action\":\"polish\"}}"))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("can't be changed: make another GrpcCall");
  }

  /** Its agent has lost its volume, say: nobody knows how far it came, so it isn't begun again. */
  @Test
  void oneThatNobodyKnowsAnyMoreHasFailed() {
    make("lost", "");
    awaitOperation("lost", 1);
    awaitPhase("lost", Phase.RUNNING);

    scene.restart();

    assertThat(awaitPhase("lost", Phase.FAILED).message()).contains("how far it came is not known");
    assertThat(operation("lost", 1)).isEmpty();
  }

  private void make(String name, String more) {
    scene
        .cluster()
        .client()
        .resource(
            """
            apiVersion: upm.syntropycloud.io/v1alpha1
            kind: GrpcCall
            metadata: {name: %s, namespace: %s}
            spec: {%s}
            """
                .formatted(name, scene.cluster().namespace(), withDefaults(more)))
        .create();
  }

  private String withDefaults(String more) {
    return (more.contains("targetUnit:") ? "" : "targetUnit: %s, ".formatted(unit))
        + (more.contains("type:") ? "" : "type: acme, ")
        + (more.contains("action:") ? "" : "action: polish, ")
        + more;
  }

  private Resource<GrpcCall> call(String name) {
    return scene
        .cluster()
        .client()
        .resources(GrpcCall.class)
        .inNamespace(scene.cluster().namespace())
        .withName(name);
  }

  private @Nullable GrpcCallStatus status(String name) {
    return call(name).require().getStatus();
  }

  private @Nullable String message(String name) {
    GrpcCallStatus status = status(name);
    return status == null ? null : status.message();
  }

  private Optional<PretendedOperation> operation(String call, int attempt) {
    return scene
        .runtime()
        .agents()
        .operation(call(call).require().getMetadata().getUid() + "-" + attempt);
  }

  private PretendedOperation awaitOperation(String call, int attempt) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(operation(call, attempt)).as(() -> situation(call)).isPresent());
    return operation(call, attempt).orElseThrow();
  }

  private GrpcCallStatus awaitPhase(String name, Phase phase) {
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(status(name))
                .as(() -> situation(name))
                .isNotNull()
                .extracting(GrpcCallStatus::phase)
                .isEqualTo(phase));
    return Objects.requireNonNull(status(name));
  }

  /** For whoever has but the message of a test that failed somewhere else. */
  private String situation(String call) {
    Unit target = scene.cluster().get(Unit.class, call(call).require().getSpec().targetUnit());
    return "%s of %s".formatted(status(call), target.getStatus());
  }

  private void assertStays(String name) {
    String before = call(name).require().getMetadata().getResourceVersion();
    await()
        .during(QUIET)
        .atMost(SOON)
        .until(() -> call(name).require().getMetadata().getResourceVersion().equals(before));
  }

  private void patch(String name, String patch) {
    call(name).patch(new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).build(), patch);
  }
}
