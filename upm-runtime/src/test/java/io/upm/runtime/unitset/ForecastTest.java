package io.upm.runtime.unitset;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.api.Unit;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is foretold is what then happens. */
class ForecastTest {
  @Test
  void foretellsTheOrderInWhichUnitsGetAnotherVersion() {
    String topology = "spec/topology={mode: pair}";
    var world = new SetWorld(topology);
    world.topology = Optional.of(new TopologyState(true, "", "db-1"));
    world.run();
    world.edit(topology, "spec/version='1.2.4'");

    Forecast.Outcome outcome = Forecast.of(world.view());

    assertThat(outcome.changed()).containsExactly("db-2", "db-0", "db-1");
    assertThat(outcome.left()).isEmpty();
    assertThat(images(outcome.units())).containsOnly("acme:1.2.4");
    world.run();
    assertThat(images(world.units.values().stream().toList())).isEqualTo(images(outcome.units()));
  }

  @Test
  void foretellsThatAllAreReplacedWhenAnotherUnitCanTakeOver() {
    String topology = "spec/topology={mode: pair}";
    var world = new SetWorld(topology);
    world.topology = Optional.of(new TopologyState(true, "", "db-1"));
    world.run();

    SetView view = world.edit(topology, "spec/version='1.2.4'").view();
    Forecast.Outcome outcome = Forecast.of(view.withSuccessor(Optional.of("db-0")));

    assertThat(outcome.changed()).containsExactly("db-2", "db-0", "db-1");
    assertThat(outcome.left()).isEmpty();
  }

  @Test
  void foretellsThatAUnitHandsOverAndGoes() {
    String topology = "spec/topology={mode: pair}";
    var world = new SetWorld(topology);
    world.topology = Optional.of(new TopologyState(true, "", "db-2"));
    world.run();

    SetView view = world.edit(topology, "spec/units=2").view();
    Forecast.Outcome outcome = Forecast.of(view.withSuccessor(Optional.of("db-0")));

    assertThat(outcome.removed()).containsExactly("db-2");
    assertThat(outcome.refusal()).isEmpty();
  }

  @Test
  void foretellsThatNothingIsReplacedByAParameter() {
    var world = new SetWorld();
    world.run();
    world.edit("spec/parameters={max_links: 7}");

    Forecast.Outcome outcome = Forecast.of(world.view());

    assertThat(outcome.changed()).isEmpty();
    assertThat(outcome.units())
        .allSatisfy(unit -> assertThat(unit.getSpec().parameters()).containsKey("max_links"));
  }

  @Test
  void foretellsRestartsForAParameterWhereTheyAreWanted() {
    String policy = "spec/updateStrategy={parameterRestart: Automatic}";
    var world = new SetWorld(policy, "spec/parameters={buffer: 1G}");
    world.run();

    SetView view = world.edit(policy, "spec/parameters={buffer: 2G}").view();
    assertThat(Forecast.of(view).changed()).containsExactly("db-2", "db-1", "db-0");
    view = world.edit(policy, "spec/parameters={buffer: 1G, max_links: 7}").view();
    assertThat(Forecast.of(view).changed()).isEmpty();
  }

  @Test
  void foretellsWhichUnitsComeAndGo() {
    var world = new SetWorld();
    world.run();

    assertThat(names(Forecast.of(world.edit("spec/units=5").view()).units()))
        .containsExactly("db-0", "db-1", "db-2", "db-3", "db-4");
    assertThat(Forecast.of(world.edit("spec/units=1").view()).removed())
        .containsExactly("db-2", "db-1");
    assertThat(
            Forecast.of(
                    world
                        .edit(
                            "spec/units=1",
                            "spec/persistentVolumeClaimRetentionPolicy={whenScaled: Delete}")
                        .view())
                .removed())
        .containsExactly("db-2", "db-1");
  }

  @Test
  void saysWhatAChangeWaitsFor() {
    var world = new SetWorld();
    world.run();
    world.broken.add("acme:1.9.9");
    world.edit("spec/version='1.9.9'").run();
    world.edit("spec/version='1.9.9'", "spec/env/+={name: X, value: y}");

    Forecast.Outcome outcome = Forecast.of(world.view());

    assertThat(outcome.changed().getFirst()).as("is away anyway").isEqualTo("db-2");
  }

  @Test
  void saysWhyNothingHappens() {
    var world = new SetWorld();
    world.run();

    assertThat(Forecast.of(world.edit("spec/version='9.9'").view()).problems()).hasSize(1);
    assertThat(Forecast.of(world.edit("spec/pause=true", "spec/units=4").view()).standstill())
        .contains("spec.pause is true");
  }

  private static List<String> images(List<Unit> units) {
    return units.stream()
        .map(unit -> unit.getSpec().template().spec().getContainers().getFirst().getImage())
        .toList();
  }

  private static List<String> names(List<Unit> units) {
    return units.stream().map(unit -> unit.getMetadata().getName()).toList();
  }
}
