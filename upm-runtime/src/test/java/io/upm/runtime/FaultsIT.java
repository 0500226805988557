package io.upm.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.upm.runtime.api.Unit;
import io.upm.runtime.testing.ControlPlane;
import io.upm.runtime.testing.Mortality;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What others do to the runtime while it works: the API server, etcd, people, other controllers.
 */
@Timeout(300)
@Tag("side-by-side")
class FaultsIT {
  private static final long SEED = Long.getLong("upm.faults.seed", 20_261_121);

  private final Random random = new Random(SEED);
  private FaultScene scene;

  @BeforeEach
  void open() throws IOException {
    scene = new FaultScene();
  }

  @AfterEach
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void goesOnWhenTheApiServerComesBack() throws Exception {
    var controlPlane = ControlPlane.ofTests();
    scene.start();
    apply(2, "1.2.3");
    awaitSome(Unit.class);
    controlPlane.crash("kube-apiserver");
    controlPlane.repair();
    scene.awaitWhole(2, "1.2.3");

    apply(3, "1.2.4");
    controlPlane.crash("kube-apiserver");
    controlPlane.repair();

    scene.awaitWhole(3, "1.2.4");
  }

  @Test
  void goesOnWhenEtcdWasSilentForHalfAMinute() throws Exception {
    var controlPlane = ControlPlane.ofTests();
    scene.start();
    apply(2, "1.2.3");
    scene.awaitWhole(2, "1.2.3");
    Map<String, String> pods = scene.uids(Pod.class);
    apply(3, "1.2.3");
    controlPlane.freeze("etcd");
    try {
      // Nothing to wait for but the time that the fault lasts.
      await().pollDelay(Duration.ofSeconds(30)).atMost(Duration.ofSeconds(40)).until(() -> true);
    } finally {
      controlPlane.thaw("etcd");
    }

    scene.awaitWhole(3, "1.2.3");
    assertThat(scene.uids(Pod.class)).containsAllEntriesOf(pods);
  }

  @Test
  void anotherProcessTakesOverFromOneThatDied() throws Exception {
    var mortality = new Mortality(4, false);
    scene.start(mortality);
    apply(2, "1.2.3");
    assertThat(mortality.awaitDeath(FaultScene.SOON)).isTrue();

    // Its lease isn't given back: the next one waits until it has run out.
    scene.replace();

    scene.awaitWhole(2, "1.2.3");
  }

  @Test
  void healsWhatPeopleDoToItsObjects() {
    scene.start();
    apply(3, "1.2.3");
    scene.awaitWhole(3, "1.2.3");

    var vandal = new Vandal(scene, random);
    for (int i = 0; i < 60; i++) {
      vandal.strike();
    }

    try {
      scene.awaitWhole(3, "1.2.3");
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("-Dupm.faults.seed=%d: %s".formatted(SEED, vandal.deeds()), e);
    }
  }

  static Stream<HasMetadata> foreign() {
    return Stream.of(
        new ServiceBuilder()
            .withNewMetadata()
            .withName("db-svc")
            .endMetadata()
            .withNewSpec()
            .withClusterIP("None")
            .endSpec()
            .build(),
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName("db-0-instance")
            .endMetadata()
            .addToData("mine", "yes")
            .build(),
        new SecretBuilder()
            .withNewMetadata()
            .withName("db-0-agent-tls")
            .endMetadata()
            .addToStringData("mine", "yes")
            .build(),
        new PodBuilder()
            .withNewMetadata()
            .withName("db-0")
            .endMetadata()
            .withNewSpec()
            .withTerminationGracePeriodSeconds(0L)
            .addToNodeSelector("upm.test/nowhere", "true")
            .addNewContainer()
            .withName("mine")
            .withImage("mine:1")
            .endContainer()
            .endSpec()
            .build());
  }

  @ParameterizedTest
  @MethodSource("foreign")
  void leavesWhatIsNotItsOwnAndHealsWhenThatGoes(HasMetadata foreign) {
    foreign.getMetadata().setNamespace(scene.cluster().namespace());
    HasMetadata made = scene.cluster().client().resource(foreign).create();
    scene.start();
    apply(2, "1.2.3");

    String told =
        "%s \"%s\" is there already".formatted(made.getKind(), made.getMetadata().getName());
    await().atMost(FaultScene.SOON).untilAsserted(() -> assertThat(scene.told()).contains(told));
    HasMetadata live = scene.cluster().client().resource(made).get();
    assertThat(live.getMetadata().getUid()).isEqualTo(made.getMetadata().getUid());
    assertThat(live.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(live.getMetadata().getManagedFields())
        .noneMatch(entry -> entry.getManager().startsWith("upm-"));
    scene.cluster().client().resource(made).delete();

    scene.awaitWhole(2, "1.2.3");
  }

  @Test
  void letsANamespaceGoInTheMiddleOfEverything() {
    scene.start();
    apply(3, "1.2.3");
    awaitSome(Pod.class);
    scene.cluster().client().namespaces().withName(scene.cluster().namespace()).delete();

    await()
        .atMost(FaultScene.SOON)
        .until(() ->
            scene.cluster().client().namespaces().withName(scene.cluster().namespace()).get()
                == null);
    await().atMost(FaultScene.SOON).until(() -> scene.runtime().agents().attached().isEmpty());
  }

  private void apply(int units, String version) {
    scene
        .cluster()
        .apply(
            "db",
            "spec/externalService={}",
            "spec/units=" + units,
            "spec/version='%s'".formatted(version));
  }

  private void awaitSome(Class<? extends HasMetadata> kind) {
    await().atMost(FaultScene.SOON).until(() -> !scene.names(kind).isEmpty());
  }
}
