package io.upm.plugin.mysql.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.plugin.mysql.client.Channel;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.NodeReport;
import io.upm.spi.topology.NodeReport.Route;
import io.upm.spi.topology.TopologyReport;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final Model model = new Model(Model.spec("rpl_semi_sync"));

  @BeforeEach
  void running() {
    model.settle(40);
    model.server("a").has(Model.gtids("a", 1, 9));
    model.replicate();
  }

  private TopologyReport report() {
    return Report.report(model.situation());
  }

  private NodeReport report(String name) {
    return report().nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<Optional<Route>> routes() {
    return report().nodes().stream().map(NodeReport::route).toList();
  }

  @Test
  void tellsWhatIsThere() {
    TopologyReport report = report();

    assertThat(report.ready()).isTrue();
    assertThat(report.message()).isEqualTo("every server is as the spec wants it");
    assertThat(report.nodes())
        .extracting(NodeReport::role)
        .containsExactly("Source", "Replica", "Replica");
    assertThat(routes())
        .containsExactly(
            Optional.of(Route.READWRITE), Optional.of(Route.READONLY), Optional.of(Route.READONLY));
    assertThat(report.nodes().get(1).position()).isEqualTo(Model.gtids("a", 1, 9).toString());
    assertThat(report.nodes().get(1).details())
        .containsEntry("replicaIO", "Yes")
        .containsEntry("sourceHost", "a.db")
        .containsEntry("sourcePort", 3306)
        .containsEntry("secondsBehindSource", 0L)
        .containsEntry("semiSync", true);
  }

  @Test
  void writesGoNowhereWhenTheSourceTakesNone() {
    model.server("a").restart(true);

    assertThat(report("a").route()).isEmpty();
    assertThat(report("a").role()).isEqualTo("Source");
    assertThat(report().message()).isEqualTo("no server takes writes");
    assertThat(report().ready()).isFalse();
  }

  @Test
  void writesNeverGoToAServerThatIsNotTheSource() {
    model.server("b").opened();

    assertThat(routes().subList(1, 2)).containsExactly(Optional.empty());
    assertThat(report("b").problem()).isEqualTo("it is writable and not the source");
  }

  @Test
  void anotherServerInTheSourcesPlaceGetsNoWrites() {
    model.server("a").uuid = Model.uuid("new");

    assertThat(routes()).doesNotContain(Optional.of(Route.READWRITE));
  }

  @Test
  void unknownServersHaveNoRoleAndNoRoute() {
    model.server("a").reachable = false;

    assertThat(report("a").role()).isEqualTo("None");
    assertThat(report("a").route()).isEmpty();
    assertThat(report("a").problem()).isEqualTo("unknown: it does not accept connections");
    assertThat(report("b").route()).contains(Route.READONLY);
  }

  @Test
  void aStoppedReplicaServesNoReads() {
    model.server("b").running = false;

    assertThat(report("b").route()).isEmpty();
    assertThat(report("b").ready()).isFalse();
    assertThat(report().message()).startsWith("b: ");
  }

  @Test
  void aReplicaThatFailsServesNoReads() {
    model.server("c").applierError = new Channel.Error(1062, "duplicate", 5);

    assertThat(report("c").route()).isEmpty();
    assertThat(report("c").problem()).contains("error 1062");
  }

  @Test
  void aSourceThatDoesNotWaitIsAProblemUnderThePromise() {
    model.server("a").waits = false;

    assertThat(report("a").problem()).isEqualTo("its commits do not wait for replicas");
    assertThat(report("a").route()).contains(Route.READWRITE);
    assertThat(report().ready()).isFalse();
  }

  @Test
  void aHeldCommitIsTheSourcesProblemOnlyWhenTooFewAcknowledge() {
    model.server("a").held = 1;

    assertThat(report("a").problem()).isEmpty();

    model.server("b").running = false;
    model.server("c").running = false;

    assertThat(report("a").problem())
        .isEqualTo("its commits wait: 1 replicas have to acknowledge, and fewer are connected");
    assertThat(report("a").route()).contains(Route.READWRITE);
  }

  @Test
  void nobodyIsServedBeforeThereIsASource() {
    model.memory = Memory.EMPTY;

    assertThat(routes()).containsOnly(Optional.empty());
    assertThat(report().ready()).isFalse();
  }
}
