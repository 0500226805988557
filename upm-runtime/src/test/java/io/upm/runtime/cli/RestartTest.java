package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.testing.Manifests;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RestartTest {
  @Test
  void restartsASetReplicasFirst() {
    Restart restart = Restart.of(set(Manifests.set(), "db-2"), false);

    assertThat(restart.units()).containsExactly("db-1", "db-0", "db-2");
  }

  @Test
  void isDoneWhenEachPodIsAnotherAndReady() {
    Target before = set(Manifests.set(), "db-0");
    Restart restart = Restart.of(before, false);

    assertThat(restart.look(before).done()).isFalse();
    assertThat(restart.look(before).told()).isEqualTo("0 of 3 restarted");
    var oneAway = with(before, List.of(pod(0, "a", true), pod(1, "a", true)));
    assertThat(restart.look(oneAway).told()).isEqualTo("0 of 3 restarted, db-2 under way");
    var oneBack = with(before, List.of(pod(0, "a", true), pod(1, "b", false), pod(2, "b", true)));
    assertThat(restart.look(oneBack).told()).isEqualTo("1 of 3 restarted, db-1 under way");
    var all = with(before, List.of(pod(0, "b", true), pod(1, "b", true), pod(2, "b", true)));
    assertThat(restart.look(all).done()).isTrue();
  }

  @Test
  void leavesUnitsBelowThePartitionAlone() {
    UnitSet set = Manifests.set("spec/updateStrategy={rollingUpdate: {partition: 2}}");

    assertThat(Restart.of(set(set, "db-0"), false).units()).containsExactly("db-2");
  }

  @Test
  void refusesWhatWouldNotHappen() {
    refuses("spec/pause=true", "UnitSet db is paused, so nothing would happen: upm resume db");
    refuses(
        "spec/updateStrategy={type: OnDelete}",
        "restart its units one by one, in this order: upm restart db-2, upm restart db-1");
    refuses("spec/updateStrategy={rollingUpdate: {partition: 3}}", "is 3, so no unit would be");
  }

  @Test
  void restartsNoUnitWhileAnotherIsAwayUnlessForced() {
    Target whole = set(Manifests.set(), "db-0");
    Unit away = unit(1, "Running");
    var target =
        new Target(
            "demo",
            "db-2",
            whole.set(),
            false,
            List.of(unit(0, "Ready"), away, unit(2, "Ready")),
            whole.pods(),
            "db-0");

    assertThatThrownBy(() -> Restart.of(target, false))
        .hasMessage(
            "db-1 isn't ready, so db-2 is not restarted as well; --force restarts it nevertheless");
    assertThat(Restart.of(target, true).units()).containsExactly("db-2");
  }

  private static void refuses(String change, String why) {
    assertThatThrownBy(() -> Restart.of(set(Manifests.set(change), "db-0"), false))
        .isInstanceOf(CliException.class)
        .hasMessageContaining(why);
  }

  private static Target set(UnitSet set, String source) {
    return new Target(
        "demo",
        "db",
        Optional.of(set),
        true,
        IntStream.range(0, 3).mapToObj(ordinal -> unit(ordinal, "Ready")).toList(),
        IntStream.range(0, 3).mapToObj(ordinal -> pod(ordinal, "a", true)).toList(),
        source);
  }

  private static Target with(Target target, List<Pod> pods) {
    return new Target(
        target.namespace(),
        target.name(),
        target.set(),
        target.whole(),
        target.units(),
        pods,
        target.source());
  }

  private static Unit unit(int ordinal, String phase) {
    return Manifests.unit(
        """
        kind: Unit
        metadata: {name: db-%1$d, namespace: demo, generation: 1}
        spec: {template: {spec: {containers: [{name: acme}]}}}
        status: {observedGeneration: 1, phase: %2$s}
        """
            .formatted(ordinal, phase));
  }

  private static Pod pod(int ordinal, String uid, boolean ready) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("db-" + ordinal)
        .withUid(uid + ordinal)
        .endMetadata()
        .withNewStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready ? "True" : "False")
        .endCondition()
        .endStatus()
        .build();
  }
}
