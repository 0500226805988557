package io.upm.runtime.provision;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.api.ProvisionStatus;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.provision.ProvisionWorld.Event;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Whatever happens in which order, and wherever the runtime dies. */
class DecideProvisionPropertyTest {
  @Property(tries = 2000)
  void theEngineEndsWithWhatIsDeclaredAndThenAllIsQuiet(
      @ForAll @Size(max = 60) List<Event> events) {
    var world = new ProvisionWorld();
    events.forEach(world::happen);

    world.settle();

    assertThat(world.engine).containsEntry(world.writer.orElseThrow(), world.wanted());
    assertThat(world.calls).isEmpty();
    ProvisionStatus status = Objects.requireNonNull(world.user.getStatus());
    assertThat(Conditions.isTrue(status.conditions(), "Ready")).isTrue();
    assertThat(status.formerPasswordUntil()).isNull();
    int made = world.made;
    for (int look = 0; look < 3; look++) {
      world.happen(Event.LONG_TIME_PASSES);
      assertThat(ProvisionWorld.isQuiet(world.look())).isTrue();
      assertThat(world.user.getStatus()).as("nothing is written").isEqualTo(status);
    }
    assertThat(world.made).isEqualTo(made);
  }

  @Property(tries = 2000)
  void itIsDroppedIfThatIsWantedAndOnlyThen(@ForAll @Size(max = 60) List<Event> events) {
    var world = new ProvisionWorld();
    events.forEach(world::happen);
    assertThat(world.dropped).isZero();
    boolean wanted = world.user.getSpec().dropped();
    boolean held = !world.user.getMetadata().getFinalizers().isEmpty();

    world.delete();
    if (!world.gone) {
      world.settle();
    }

    assertThat(world.gone).isTrue();
    if (!wanted) {
      assertThat(world.dropped).isZero();
    } else if (held) {
      assertThat(world.engine).isEmpty();
    }
  }

  @Property(tries = 2000)
  void nothingWaitsForAUnitSetThatIsGone(@ForAll @Size(max = 60) List<Event> events) {
    var world = new ProvisionWorld();
    events.forEach(world::happen);

    world.delete();
    world.setThere = false;
    if (!world.gone) {
      world.look();
    }

    assertThat(world.gone).isTrue();
  }
}
