package io.upm.runtime.unitset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.api.SyncState;
import io.upm.runtime.api.Unit;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How a changed spec reaches the units of a set. */
class DecideRollOutTest {
  @Test
  void rollsAVersionOutUnitByUnit() {
    var world = new SetWorld("spec/topology={mode: pair}");
    world.topology = Optional.of(new TopologyState(true, "", "db-2"));
    world.run();
    world.edit("spec/version='1.2.4'", "spec/topology={mode: pair}");

    world.step();
    assertThat(world.changing()).containsExactly("db-1");
    assertThat(image(world.unit(1))).isEqualTo("acme:1.2.4");
    assertThat(image(world.unit(0))).isEqualTo("acme:1.2.3");
    assertThat(world.set.getStatus().inUpdate()).isEqualTo("db-1");
    assertThat(world.set.getStatus().unitImageSynced()).isEqualTo(SyncState.SYNCING);
    world.step();
    assertThat(world.changing()).as("db-1 is not ready yet").containsExactly("db-1");
    world.settle();
    world.step();
    assertThat(world.changing()).containsExactly("db-0");
    world.settle();
    world.step();
    assertThat(world.changing()).as("takes the writes").containsExactly("db-2");
    world.run();
    assertThat(world.set.getStatus().unitImageSynced()).isEqualTo(SyncState.SYNCED);
    assertThat(condition(world, "Progressing").getStatus()).isEqualTo("False");
  }

  @Test
  void anotherUnitTakesOverBeforeTheOneThatTakesWritesIsReplaced() {
    var world = new SetWorld("spec/topology={mode: pair}");
    world.topology = Optional.of(new TopologyState(true, "", "db-2"));
    world.successor = Optional.of("db-0");
    world.run();
    world.edit("spec/version='1.2.4'", "spec/topology={mode: pair}").run();

    assertThat(world.changing()).isEmpty();
    assertThat(image(world.unit(2))).as("it takes the writes").isEqualTo("acme:1.2.3");
    assertThat(restarting(world)).contains("db-2");
    assertThat(condition(world, "Progressing").getMessage())
        .isEqualTo("db-2 wait for db-0 to take over");
    world.topology = Optional.of(new TopologyState(false, "db-0 takes over", "db-2"));
    world.run();
    assertThat(image(world.unit(2))).as("it still takes the writes").isEqualTo("acme:1.2.3");

    world.topology = Optional.of(new TopologyState(true, "", "db-0"));
    world.successor = Optional.of("db-1");
    world.run();

    assertThat(image(world.unit(2))).isEqualTo("acme:1.2.4");
    assertThat(restarting(world)).isEmpty();
    assertThat(condition(world, "Progressing").getStatus()).isEqualTo("False");
  }

  @Test
  void asksWhoCanTakeOverOnlyWhileTheUnitThatTakesTheWritesIsToChange() {
    String topology = "spec/topology={mode: pair}";
    String most = "spec/updateStrategy={rollingUpdate: {partition: 1}}";
    var world = new SetWorld(topology);
    world.topology = Optional.of(new TopologyState(true, "", "db-0"));
    world.successor = Optional.of("db-1");
    world.run();
    world.edit(topology, most, "spec/version='1.2.4'").run();
    assertThat(image(world.unit(1))).isEqualTo("acme:1.2.4");
    assertThat(world.asked).isZero();

    world.edit(topology, "spec/version='1.2.4'").step();
    assertThat(world.asked).isEqualTo(1);
    assertThat(restarting(world)).contains("db-0");
    world.topology = Optional.of(new TopologyState(true, "", "db-1"));
    world.run();

    assertThat(image(world.unit(0))).isEqualTo("acme:1.2.4");
    assertThat(world.asked).as("nobody is to hand over any more").isEqualTo(1);
  }

  private static Optional<String> restarting(SetWorld world) {
    return ((SetDecision.TopologyStep.Own) world.topologyStep).set().restarting();
  }

  @Test
  void restartsUnitByUnitWhenItIsAskedTo() {
    var world = new SetWorld("spec/topology={mode: pair}");
    world.topology = Optional.of(new TopologyState(true, "", "db-2"));
    world.run();
    world.edit(
        "spec/topology={mode: pair}",
        "metadata/annotations={upm.io/restartedAt: '2026-11-21T12:00:00Z'}");

    world.step();

    assertThat(world.changing()).containsExactly("db-1");
    assertThat(world.unit(1).getSpec().template().annotations())
        .containsEntry("upm.io/restartedAt", "2026-11-21T12:00:00Z");
    assertThat(world.unit(0).getMetadata().getAnnotations())
        .as("a Pod that waits for its turn isn't told")
        .doesNotContainKey("upm.io/restartedAt");
    world.settle();
    world.step();
    assertThat(world.changing()).containsExactly("db-0");
    world.run();
    assertThat(world.changing()).isEmpty();
    assertThat(world.units.values())
        .allSatisfy(unit ->
            assertThat(unit.getSpec().template().annotations()).containsKey("upm.io/restartedAt"));
  }

  @Test
  void haltsARollOutAtTheFirstUnitThatDoesNotComeBackAndHealsWhenReverted() {
    var world = new SetWorld();
    world.run();
    world.broken.add("acme:1.9.9");

    world.edit("spec/version='1.9.9'").run();

    assertThat(image(world.unit(2))).isEqualTo("acme:1.9.9");
    assertThat(image(world.unit(1))).isEqualTo("acme:1.2.3");
    assertThat(image(world.unit(0))).isEqualTo("acme:1.2.3");
    assertThat(condition(world, "Progressing").getMessage()).isEqualTo("db-1, db-0 wait for db-2");
    world.edit().run();
    assertThat(image(world.unit(2))).isEqualTo("acme:1.2.3");
    assertThat(condition(world, "Ready").getStatus()).isEqualTo("True");
  }

  @Test
  void goesOnWhenAChangedUnitHasBeenReadyForLongEnough() {
    var world = new SetWorld("spec/minReadySeconds=90");
    world.run();
    world.now = SetWorld.NOW.plusSeconds(3600);
    world.edit("spec/version='1.2.4'", "spec/minReadySeconds=90");
    world.step();
    world.settle();
    assertThat(image(world.unit(2))).isEqualTo("acme:1.2.4");

    // Its conditions say that it has been ready for 60 s.
    world.step();
    assertThat(image(world.unit(1))).isEqualTo("acme:1.2.3");
    assertThat(condition(world, "Progressing").getMessage()).isEqualTo("db-1, db-0 wait for db-2");
    assertThat(SetConditions.nextLook(world.view())).contains(Duration.ofSeconds(31));
    world.now = world.now.plusSeconds(30);
    world.step();
    assertThat(image(world.unit(1))).as("not before the last second").isEqualTo("acme:1.2.3");

    world.now = world.now.plusSeconds(1);
    world.step();
    assertThat(image(world.unit(1))).isEqualTo("acme:1.2.4");
    assertThat(image(world.unit(0))).isEqualTo("acme:1.2.3");
  }

  @Test
  void replacesNoPodWhenRuntimeOrPluginBecomeAnother() {
    var world = new SetWorld();
    world.run();
    String before = templates(world);

    world.engine.pluginVersion("2.0.0").imagePrefix("mirror/acme:");
    world.run();

    assertThat(templates(world)).isEqualTo(before);
  }

  @Test
  void replacesNoPodForWhatReachesItAnyway() {
    var world = new SetWorld();
    world.run();
    String before = templates(world);

    world
        .edit(
            "metadata/labels={team: a}",
            "metadata/annotations={note: x}",
            "spec/parameters={max_links: 7}",
            "spec/storages/0/size=20Gi",
            "spec/externalService={type: NodePort}",
            "spec/unitService={}",
            "spec/updateStrategy={rollingUpdate: {maxUnavailable: 2}}",
            "spec/persistentVolumeClaimRetentionPolicy={whenDeleted: Delete}")
        .run();

    assertThat(templates(world)).isEqualTo(before);
    Unit unit = world.unit(0);
    assertThat(unit.getSpec().parameters()).containsKey("max_links");
    assertThat(unit.getMetadata().getLabels()).containsEntry("team", "a");
    assertThat(unit.getMetadata().getLabels()).doesNotContainKey("upm.api/service-group.name");
    assertThat(unit.getMetadata().getAnnotations()).containsEntry("note", "x");
  }

  @Test
  void givesAUnitOfAnOlderVersionNoParametersOfTheNewOne() {
    var world = new SetWorld("spec/parameters={max_links: 5}");
    world.run();

    world.edit("spec/version='2.0.1'", "spec/parameters={max_links: 9}").step();

    assertThat(world.unit(2).getSpec().parameters()).containsEntry("max_links", IntNode.valueOf(9));
    assertThat(world.unit(0).getSpec().parameters()).containsEntry("max_links", IntNode.valueOf(5));
  }

  @Test
  void changesUnitsOnlyWhenTheirPodsAreDeletedIfTheUserWantsSo() {
    String strategy = "spec/updateStrategy={type: OnDelete}";
    var world = new SetWorld(strategy);
    world.run();

    world.edit(strategy, "spec/version='1.2.4'").run();

    assertThat(world.units.values())
        .allSatisfy(unit -> assertThat(image(unit)).isEqualTo("acme:1.2.4"))
        .allSatisfy(unit -> assertThat(unit.getSpec().replacesPod()).isFalse())
        .allSatisfy(unit -> assertThat(UnitState.isUpdated(unit)).isFalse());
    assertThat(condition(world, "Progressing").getReason()).isEqualTo("OnDelete");
    world.deletePod(1);
    world.run();
    assertThat(UnitState.isUpdated(world.unit(1))).isTrue();
  }

  @Test
  void replacesOnePodAfterTheOtherWhenOnDeleteIsGivenUp() {
    String strategy = "spec/updateStrategy={type: OnDelete}";
    var world = new SetWorld(strategy);
    world.run();
    world.edit(strategy, "spec/version='1.2.4'").run();

    world.edit("spec/version='1.2.4'").step();

    assertThat(world.units.values().stream().filter(unit -> unit.getSpec().replacesPod()).count())
        .isEqualTo(1);
    world.run();
    assertThat(world.units.values())
        .allSatisfy(unit -> assertThat(UnitState.isUpdated(unit)).isTrue());
  }

  private static Condition condition(SetWorld world, String type) {
    return Conditions.find(world.set.getStatus().conditions(), type).orElseThrow();
  }

  private static String image(Unit unit) {
    return unit.getSpec().template().spec().getContainers().getFirst().getImage();
  }

  private static String name(Unit unit) {
    return unit.getMetadata().getName();
  }

  private static String templates(SetWorld world) {
    return Canonical.hash(
        List.copyOf(world.units.values().stream().map(unit -> unit.getSpec().template()).toList()));
  }
}
