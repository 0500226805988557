package io.upm.runtime.unitset;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSpec;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import io.upm.runtime.unitset.SetDecision.TopologyStep;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How units go, and the one that takes writes above all. */
class ScaleInTest {
  @Test
  void scalesInOneByOneFromTheHighestNumber() {
    var world = new SetWorld("spec/units=5");
    world.run();
    world.edit("spec/units=3");

    assertThat(world.step().removed().map(ScaleInTest::name)).contains("db-4");
    assertThat(world.step().removed()).as("db-4 is not gone yet").isEmpty();
    world.settle();
    assertThat(world.step().removed().map(ScaleInTest::name)).contains("db-3");
    world.run();

    assertThat(world.units.keySet()).containsExactly("db-0", "db-1", "db-2");
  }

  @Test
  void doesNotRemoveTheUnitThatTakesTheWrites() {
    var world = new SetWorld("spec/units=5", "spec/topology={mode: pair}");
    world.topology = Optional.of(new TopologyState(true, "", "db-3"));
    world.run();

    world.edit("spec/units=3", "spec/topology={mode: pair}").run();

    assertThat(world.units.keySet()).containsExactly("db-0", "db-1", "db-2", "db-3");
    assertThat(condition(world, "Degraded").getReason()).isEqualTo("ScaleInRefused");
    assertThat(condition(world, "Degraded").getMessage()).contains("db-3 takes the writes");
    assertThat(((TopologyStep.Own) world.topologyStep).set().units()).hasSize(4);
    world.topology = Optional.of(new TopologyState(true, "", "db-0"));
    world.run();
    assertThat(world.units).hasSize(3);
  }

  @Test
  void handsOverBeforeTheUnitThatTakesTheWritesIsRemoved() {
    var world = new SetWorld("spec/units=5", "spec/topology={mode: pair}");
    world.topology = Optional.of(new TopologyState(true, "", "db-3"));
    world.successor = Optional.of("db-0");
    world.run();

    world.edit("spec/units=3", "spec/topology={mode: pair}").run();
    assertThat(world.units.keySet()).containsExactly("db-0", "db-1", "db-2", "db-3");
    assertThat(((TopologyStep.Own) world.topologyStep).set().restarting()).contains("db-3");
    assertThat(condition(world, "Degraded").getStatus()).isEqualTo("False");

    world.topology = Optional.of(new TopologyState(false, "db-0 takes over", "db-3"));
    world.run();
    assertThat(world.units).as("it still takes the writes").hasSize(4);
    assertThat(condition(world, "Degraded").getStatus()).isEqualTo("False");

    world.topology = Optional.of(new TopologyState(true, "", "db-0"));
    world.successor = Optional.of("db-1");
    world.run();
    assertThat(world.units.keySet()).containsExactly("db-0", "db-1", "db-2");
  }

  @Test
  void removesAUnitThatServesOnlyWhenTheTopologyDoesWithoutIt() {
    String topology = "spec/topology={mode: pair}";
    var world = new SetWorld(topology);
    world.topology = Optional.of(new TopologyState(true, "", "db-0"));
    world.run();

    world.topology = Optional.of(new TopologyState(false, "db-1 follows db-0", "db-0"));
    world.edit("spec/units=2", topology).run();
    assertThat(world.units).as("db-1 may lack what db-2 has").hasSize(3);
    assertThat(((TopologyStep.Own) world.topologyStep).set().units()).hasSize(2);
    assertThat(condition(world, "Degraded").getStatus()).isEqualTo("False");

    world.topology = Optional.of(new TopologyState(true, "", "db-0"));
    world.run();
    assertThat(world.units.keySet()).containsExactly("db-0", "db-1");
  }

  @Test
  void removesAUnitThatDoesNotServeAlsoFromATopologyThatIsNotReady() {
    String topology = "spec/topology={mode: pair}";
    var world = new SetWorld(topology);
    world.topology = Optional.of(new TopologyState(true, "", "db-0"));
    world.run();
    world.topology = Optional.of(new TopologyState(false, "db-2 is broken", "db-0"));
    world.unit(2).setStatus(null);

    SetDecision decision = world.edit("spec/units=2", topology).step();

    assertThat(decision.removed().map(ScaleInTest::name)).contains("db-2");
  }

  @Test
  void noUnitThatGoesItselfTakesOver() {
    var world = new SetWorld("spec/units=5", "spec/topology={mode: pair}");
    world.topology = Optional.of(new TopologyState(true, "", "db-4"));
    world.successor = Optional.of("db-3");
    world.run();

    world.edit("spec/units=3", "spec/topology={mode: pair}").run();

    assertThat(world.units).hasSize(5);
    assertThat(condition(world, "Degraded").getReason()).isEqualTo("ScaleInRefused");
  }

  @Test
  void asksWhoCanTakeOverOnlyWhileTheUnitThatTakesTheWritesIsToGo() {
    String topology = "spec/topology={mode: pair}";
    var world = new SetWorld("spec/units=5", topology);
    world.topology = Optional.of(new TopologyState(true, "", "db-3"));
    world.successor = Optional.of("db-0");
    world.run();
    world.edit("spec/units=4", topology).run();
    world.edit("spec/units=3", topology, "spec/pause=true").run();
    assertThat(world.asked).isZero();

    world.edit("spec/units=3", topology).step();
    assertThat(world.asked).isEqualTo(1);
    world.topology = Optional.of(new TopologyState(false, "db-0 takes over", "db-3"));
    world.run();
    world.topology = Optional.of(new TopologyState(true, "", "db-0"));
    world.run();

    assertThat(world.units).hasSize(3);
    assertThat(world.asked).as("it takes over already").isEqualTo(1);
  }

  @Test
  void removesNothingWhileItIsNotKnownWhoTakesTheWrites() {
    var world = new SetWorld("spec/topology={mode: pair}");
    world.topology = Optional.of(new TopologyState(true, "", "db-0"));
    world.run();

    world.topology = Optional.empty();
    world.edit("spec/units=2", "spec/version='1.2.4'", "spec/topology={mode: pair}").run();

    assertThat(world.units).hasSize(3);
    assertThat(world.units.values())
        .allSatisfy(unit -> assertThat(UnitObjects.version(unit)).isEqualTo("1.2.3"));
  }

  @Test
  void givesClaimsToTheUnitBeforeItGoesWhenTheyAreToGoWithIt() {
    String policy = "spec/persistentVolumeClaimRetentionPolicy={whenScaled: Delete}";
    var world = new SetWorld(policy);
    world.run();
    assertThat(world.unit(2).getSpec().claimOwner()).isEqualTo(UnitSpec.ClaimOwner.RETAIN);
    world.edit(policy, "spec/units=2");

    assertThat(world.step().removed()).isEmpty();
    assertThat(world.unit(2).getSpec().claimOwner()).isEqualTo(UnitSpec.ClaimOwner.UNIT);
    assertThat(world.step().removed()).as("the claims are not owned yet").isEmpty();
    world.settle();
    assertThat(world.step().removed().map(ScaleInTest::name)).contains("db-2");
    assertThat(world.unit(1).getSpec().claimOwner()).isEqualTo(UnitSpec.ClaimOwner.RETAIN);
  }

  @Test
  void takesTheClaimsBackWhenScalingInIsCalledOff() {
    String policy = "spec/persistentVolumeClaimRetentionPolicy={whenScaled: Delete}";
    var world = new SetWorld(policy);
    world.run();
    world.edit(policy, "spec/units=2").step();

    world.edit(policy).step();

    assertThat(world.unit(2).getSpec().claimOwner()).isEqualTo(UnitSpec.ClaimOwner.RETAIN);
  }

  private static Condition condition(SetWorld world, String type) {
    return Conditions.find(world.set.getStatus().conditions(), type).orElseThrow();
  }

  private static String name(Unit unit) {
    return unit.getMetadata().getName();
  }
}
