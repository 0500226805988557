package io.upm.runtime.unitset;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.kube.Canonical;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ParameterRestartTest {
  private static final String TOPOLOGY = "spec/topology={mode: pair}";
  private static final String AUTOMATIC = "spec/updateStrategy={parameterRestart: Automatic}";

  @Test
  void restartsUnitByUnitForAParameterThatTakesIt() {
    SetWorld world = running(TOPOLOGY, AUTOMATIC, "spec/parameters={buffer: 1G}");
    List<String> before = templates(world);

    world.edit(TOPOLOGY, AUTOMATIC, "spec/parameters={buffer: 2G}").step();
    assertThat(templates(world)).as("no agent has looked at it yet").isEqualTo(before);
    world.settle();
    world.step();
    assertThat(changed(world, before)).containsExactly("db-1");
    world.step();
    assertThat(changed(world, before)).as("db-1 is not ready yet").containsExactly("db-1");
    world.settle();
    world.step();
    assertThat(changed(world, before)).containsExactly("db-0", "db-1");
    world.run();
    assertThat(changed(world, before)).containsExactly("db-0", "db-1", "db-2");
    List<String> after = templates(world);
    world.run();
    assertThat(templates(world)).as("once").isEqualTo(after);

    world.edit(TOPOLOGY, AUTOMATIC).run();
    assertThat(changed(world, after)).as("back to the default").hasSize(3);
  }

  @Test
  void restartsNothingForAParameterWhenNobodySaysSo() {
    SetWorld world = running(TOPOLOGY, "spec/parameters={buffer: 1G}");
    List<String> before = templates(world);

    world.edit(TOPOLOGY, "spec/parameters={buffer: 2G}").run();
    assertThat(templates(world)).isEqualTo(before);

    world.edit(TOPOLOGY, AUTOMATIC, "spec/parameters={buffer: 2G}").run();
    assertThat(changed(world, before)).as("somebody says so now").hasSize(3);
  }

  @Test
  void restartsNothingBecauseThePolicyIsAnother() {
    SetWorld world = running(TOPOLOGY, "spec/parameters={buffer: 1G}");
    List<String> before = templates(world);

    world.edit(TOPOLOGY, AUTOMATIC, "spec/parameters={buffer: 1G}").run();
    assertThat(templates(world)).isEqualTo(before);
    world.edit(TOPOLOGY, "spec/parameters={buffer: 1G}").run();
    assertThat(templates(world)).isEqualTo(before);
  }

  @Test
  void restartsNothingForWhatTheEngineTakesAtOnceOrRefuses() {
    SetWorld world = running(TOPOLOGY, AUTOMATIC, "spec/parameters={buffer: 1G}");
    List<String> before = templates(world);

    world.edit(TOPOLOGY, AUTOMATIC, "spec/parameters={buffer: 1G, max_links: 7}").run();
    assertThat(templates(world)).isEqualTo(before);

    world.refusing.add("db-0");
    world.edit(TOPOLOGY, AUTOMATIC, "spec/parameters={buffer: 2G, max_links: 7}").run();
    assertThat(templates(world)).isEqualTo(before);
    world.edit(TOPOLOGY, AUTOMATIC, "spec/parameters={buffer: 1G, max_links: 7}").run();
    assertThat(templates(world)).as("reverted").isEqualTo(before);
  }

  @Test
  void restartsNothingBeforeAllEnginesHaveLookedAtIt() {
    SetWorld world = running(TOPOLOGY, AUTOMATIC, "spec/parameters={buffer: 1G}");
    List<String> before = templates(world);
    world.edit(TOPOLOGY, AUTOMATIC, "spec/parameters={buffer: 2G}").step();

    world.settle(2);
    world.step();
    assertThat(templates(world)).as("the one that takes the writes is known").isEqualTo(before);
    world.settle(0);
    world.step();
    assertThat(templates(world)).isEqualTo(before);

    world.settle(1);
    world.step();
    assertThat(changed(world, before)).containsExactly("db-1");
  }

  @Test
  void restartsAUnitOnceForOneValueWhateverItSaysAfterwards() {
    SetWorld world = running(TOPOLOGY, AUTOMATIC, "spec/parameters={buffer: 1G}");
    world.edit(TOPOLOGY, AUTOMATIC, "spec/parameters={buffer: 2G}").run();
    List<String> after = templates(world);
    world.forgetWhatUnitsStartedWith();

    world.run();

    assertThat(templates(world)).isEqualTo(after);
  }

  private static SetWorld running(String... spec) {
    var world = new SetWorld(spec);
    world.topology = Optional.of(new TopologyState(true, "", "db-2"));
    world.run();
    return world;
  }

  private static List<String> templates(SetWorld world) {
    return world.units.values().stream()
        .map(unit -> Canonical.hash(unit.getSpec().template()))
        .toList();
  }

  /** Names of those with another template. */
  private static List<String> changed(SetWorld world, List<String> before) {
    List<String> now = templates(world);
    return IntStream.range(0, now.size())
        .filter(at -> !now.get(at).equals(before.get(at)))
        .mapToObj(at -> "db-" + at)
        .toList();
  }
}
