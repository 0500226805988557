package io.upm.runtime.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.runtime.kube.Conditions.Wanted;
import io.upm.runtime.topology.Look.Observation;
import io.upm.runtime.topology.Look.ServiceNames;
import io.upm.spi.topology.Decision.WaitFor;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.Intent;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.NodeReport;
import io.upm.spi.topology.TopologyReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StatusDocumentTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final JsonNode NONE = StatusDocument.of(null);

  @Test
  void saysEverythingAboutALook() {
    JsonNode status = StatusDocument.render(look(node("demo-0", "5", 3)), NONE, NOW);
    assertThat(status.toString())
        .isEqualTo(
            """
            {"ready":true,"message":"all is well","observedGeneration":4,"epoch":2,\
            "source":"demo-0","topology":{"demo-0":{"offset":7,"readonly":false,"host":"h",\
            "port":3306,"role":"Source","ready":true,"status":"Healthy","position":"5",\
            "lagSeconds":3},"demo-1":{"host":"h1","port":3306,"role":"None","ready":false,\
            "status":"Unknown"}},"readwriteService":"demo-readwrite",\
            "readonlyService":"demo-readonly","conditions":[{"lastTransitionTime":\
            "2026-11-21T12:00:00Z","message":"all is well","observedGeneration":4,\
            "reason":"SyncTopologySucceed","status":"True","type":"TopologyReady"}]}\
            """);
  }

  @Test
  void keepsWhatWasKnownWhenNothingCouldBeObserved() {
    JsonNode before = StatusDocument.render(look(node("demo-0", "5", 3)), NONE, NOW);
    var unobserved =
        new Look(
            4,
            false,
            "no",
            Optional.empty(),
            Memory.EMPTY,
            Optional.empty(),
            List.of(Wanted.not("TopologyReady", "SyncTopologyFailed", "no")));
    JsonNode after = StatusDocument.render(unobserved, before, NOW.plusSeconds(9));
    assertThat(after.path("topology")).isEqualTo(before.path("topology"));
    assertThat(after.path("readwriteService").asText()).isEqualTo("demo-readwrite");
    assertThat(after.path("ready").asBoolean()).isFalse();
    assertThat(after.path("conditions").get(0).path("lastTransitionTime").asText())
        .isEqualTo("2026-11-21T12:00:09Z");
    assertThat(StatusDocument.render(unobserved, NONE, NOW).path("topology").isObject()).isTrue();
  }

  @Test
  void aWaitKeepsItsBeginning() {
    JsonNode first = StatusDocument.render(waiting("demo-1 caught up", 10), NONE, NOW);
    JsonNode second =
        StatusDocument.render(waiting("demo-1 caught up", 20), first, NOW.plusSeconds(5));
    assertThat(second.path("waitingFor").toString())
        .isEqualTo(
            """
            {"predicate":"demo-1 caught up","since":"2026-11-21T12:00:00Z",\
            "deadline":"2026-11-21T12:00:20Z","unblock":"wait"}\
            """);
    JsonNode other =
        StatusDocument.render(waiting("something else", 20), second, NOW.plusSeconds(9));
    assertThat(other.path("waitingFor").path("since").asText()).isEqualTo("2026-11-21T12:00:09Z");
    assertThat(StatusDocument.worthWriting(first, second, Duration.ofSeconds(5))).isFalse();
    assertThat(StatusDocument.worthWriting(second, other, Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void gaugesWaitForSomethingElseOrForHalfAMinute() {
    JsonNode before = StatusDocument.render(look(node("demo-0", "5", 3)), NONE, NOW);
    JsonNode moved = StatusDocument.render(look(node("demo-0", "6", 4)), before, NOW);
    assertThat(StatusDocument.worthWriting(before, before, Duration.ofDays(1))).isFalse();
    assertThat(StatusDocument.worthWriting(before, moved, Duration.ofSeconds(29))).isFalse();
    assertThat(StatusDocument.worthWriting(before, moved, Duration.ofSeconds(30))).isTrue();
    var problem =
        new NodeReport(
            "demo-0",
            "Source",
            true,
            "slow disk",
            OptionalLong.of(3),
            "5",
            Optional.empty(),
            Map.of("readonly", false, "offset", 7));
    JsonNode told = StatusDocument.render(look(problem), before, NOW);
    assertThat(StatusDocument.worthWriting(before, told, Duration.ZERO)).isTrue();
  }

  @Test
  void aNumberIsANumberHoweverItCame() {
    JsonNode rendered = StatusDocument.render(look(node("demo-0", "5", 3)), NONE, NOW);
    assertThat(StatusDocument.of(Map.of("epoch", 2, "observedGeneration", 4L)))
        .isEqualTo(StatusDocument.of(Map.of("epoch", 2L, "observedGeneration", 4)));
    assertThat(StatusDocument.of(rendered)).isEqualTo(rendered);
  }

  private static Look look(NodeReport... nodes) {
    return new Look(
        4,
        true,
        "all is well",
        Optional.of(
            new Observation(
                List.of(new Endpoint("demo-0", "h", 3306), new Endpoint("demo-1", "h1", 3306)),
                new TopologyReport(List.of(nodes), true, "all is well"),
                new ServiceNames("demo-readwrite", Optional.of("demo-readonly")),
                Set.of("demo-1"))),
        Memory.EMPTY.withSource("demo-0").withIntent(intent()).withoutIntent(),
        Optional.empty(),
        List.of(Wanted.is("TopologyReady", "SyncTopologySucceed", "all is well")));
  }

  private static Look waiting(String predicate, int seconds) {
    return new Look(
        1,
        false,
        "waiting",
        Optional.empty(),
        Memory.EMPTY,
        Optional.of(new WaitFor(predicate, NOW.plusSeconds(seconds), "wait")),
        List.of());
  }

  private static Intent intent() {
    return new Intent("promote", "demo-0", 2, NOW, NOW, Map.of());
  }

  private static NodeReport node(String name, String position, long lag) {
    return new NodeReport(
        name,
        "Source",
        true,
        "",
        OptionalLong.of(lag),
        position,
        Optional.of(NodeReport.Route.READWRITE),
        Map.of("readonly", false, "offset", 7));
  }
}
