package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import io.upm.runtime.cli.StatusView.Concern;
import io.upm.runtime.cli.StatusView.ServiceRow;
import io.upm.runtime.cli.StatusView.UnitRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusAssemblyTest {
  @Test
  void healthySetHasNoConcerns() {
    StatusView view = StatusAssembly.assemble(Snapshots.healthy());

    assertThat(view.concerns()).isEmpty();
    assertThat(view.healthy()).isTrue();
    assertThat(view.subject())
        .isEqualTo(
            new StatusView.Subject(
                "UnitSet", "shop", "orders", true, "engine", "8.0.33", "semi_sync", 2, 2));
  }

  @Test
  void unitsComeInOrderWithWhatTheirTopologyObserved() {
    StatusView view = StatusAssembly.assemble(Snapshots.healthy());

    assertThat(view.units())
        .extracting(UnitRow::name, UnitRow::role, UnitRow::lagSeconds, UnitRow::position)
        .containsExactly(
            tuple("orders-0", "Source", null, "1-90"), tuple("orders-1", "Replica", 2L, "1-88"));
    UnitRow second = view.units().get(1);
    assertThat(second.restarts()).isEqualTo(3);
    assertThat(second.plugin()).isEqualTo("engine@0.1.0");
    assertThat(second.volumes()).containsExactly(new StatusView.VolumeRow("data", "10Gi", "Bound"));
  }

  @Test
  void servicesAreThoseOfTheSetItsUnitsAndItsTopologyByRoleFirst() {
    StatusView view = StatusAssembly.assemble(Snapshots.healthy());

    assertThat(view.services())
        .containsExactly(
            new ServiceRow(
                "orders-readwrite", "ClusterIP", "10.80.0.11:3306", "", List.of("orders-0")),
            new ServiceRow(
                "orders-readonly",
                "NodePort",
                "10.80.0.12:3306, node port 30306",
                "",
                List.of("orders-1")),
            new ServiceRow(
                "orders-1-svc", "ClusterIP", "10.80.0.13:3306", "orders-1", List.of("192.0.2.77")),
            new ServiceRow(
                "orders-headless-svc",
                "ClusterIP",
                "orders-headless-svc.shop:3306",
                "",
                List.of()));
  }

  @Test
  void aCrashedUnitIsToldOnceWithItsCause() {
    StatusView view = StatusAssembly.assemble(Snapshots.crashed());

    assertThat(view.concerns())
        .extracting(Concern::about, Concern::condition, Concern::reason)
        .containsExactly(
            tuple("Unit orders-1", "EngineRunning=False", "Crashed"),
            tuple("Replication orders", "waiting", "orders-1 answers"),
            tuple("Replication orders, node orders-1", "", ""));
    assertThat(view.concerns().getFirst().advice()).contains("upm logs orders-1 -n shop");
    assertThat(view.units().get(1).state()).isEqualTo("crashed");
  }

  @Test
  void whatATopologyWaitsForComesWithDeadlineAndAdvice() {
    Concern waiting = StatusAssembly.assemble(Snapshots.crashed()).concerns().get(1);

    assertThat(waiting.since()).isEqualTo(Instant.parse("2026-03-01T11:59:30Z"));
    assertThat(waiting.deadline()).isEqualTo(Instant.parse("2026-03-01T12:04:30Z"));
    assertThat(waiting.advice()).isEqualTo("Start orders-1, or take it out of the set.");
  }

  @Test
  void aSetThatTheRuntimeHasNotSeenIsNotReady() {
    var set = Snapshots.set("set.yaml");
    set.getMetadata().setGeneration(3L);

    StatusView view = StatusAssembly.assemble(Snapshots.of(set));

    assertThat(view.healthy()).isFalse();
    assertThat(view.concerns())
        .singleElement()
        .satisfies(
            concern -> assertThat(concern.reason()).isEqualTo("the runtime sees generation 3"));
  }

  @Test
  void aSetWithoutStatusIsNotReady() {
    var set = Snapshots.set("set.yaml");
    set.setStatus(null);

    StatusView view = StatusAssembly.assemble(Snapshots.of(set));

    assertThat(view.subject().ready()).isFalse();
    assertThat(view.concerns()).hasSize(1);
  }

  @Test
  void aTopologyWithoutUnitsIsShownByItself() {
    StatusView view = StatusAssembly.assemble(Snapshots.external());

    assertThat(view.healthy()).isTrue();
    assertThat(view.subject().kind()).isEqualTo("Replication");
    assertThat(view.units())
        .extracting(UnitRow::name, UnitRow::role, UnitRow::node)
        .containsExactly(
            tuple("db1", "Source", "192.0.2.11:3306"), tuple("db2", "Replica", "192.0.2.12:3306"));
  }

  @Test
  void aUserThatWaitsIsToldAndHidesNothing() {
    StatusView view = StatusAssembly.assemble(Snapshots.attached());

    assertThat(view.declared())
        .containsExactly(new StatusView.DeclaredRow("DatabaseUser", "reader", "app", false));
    assertThat(view.concerns())
        .extracting(Concern::about, Concern::condition, Concern::reason)
        .containsExactly(tuple("DatabaseUser reader", "Ready=False", "Waiting"));
    assertThat(view.subject().ready()).isTrue();
  }

  @Test
  void ofCallsThoseThatHaveNotEndedAreShown() {
    StatusView view = StatusAssembly.assemble(Snapshots.attached());

    assertThat(view.calls())
        .containsExactly(
            new StatusView.CallRow(
                "orders-0-dump", "orders-0", "logical-backup", true, 40, 9L, "dumps"),
            new StatusView.CallRow("orders-0-next", "orders-0", "verify", false, null, null, ""));
  }

  @Test
  void nothingFoundIsNothingToShow() {
    var empty =
        new Snapshot(
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Attached.NOTHING);

    assertThatIllegalArgumentException().isThrownBy(() -> StatusAssembly.assemble(empty));
  }

  @Test
  void theSameSnapshotIsAlwaysTheSameJson() {
    String json = StatusCommand.json(StatusAssembly.assemble(Snapshots.crashed()));

    Golden.assertMatches("crashed.json", json);
  }
}
