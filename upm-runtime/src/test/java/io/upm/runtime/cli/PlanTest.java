package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.cli.PlanView.Fate;
import io.upm.runtime.cli.PlanView.FieldChange;
import io.upm.runtime.cli.PlanView.ObjectPlan;
import io.upm.runtime.cli.PlanView.UnitPlan;
import io.upm.runtime.cli.PlanView.Verb;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.testing.AcmeEngine;
import io.upm.runtime.testing.Manifests;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import io.upm.runtime.unit.AgentImage;
import io.upm.runtime.unit.DecideUnit;
import io.upm.runtime.unit.UnitDecision.PodStep;
import io.upm.runtime.unit.UnitView;
import io.upm.runtime.unitset.AddOnDecision;
import io.upm.runtime.unitset.Forecast;
import io.upm.runtime.unitset.SetView;
import io.upm.spi.config.ConfigFile;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** From a set that is there and one that is wanted to what is told. */
class PlanTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final String TOPOLOGY = "spec/topology={mode: pair}";

  private final AcmeEngine engine = new AcmeEngine();
  private final UnitSet before = Manifests.set(TOPOLOGY);

  @Test
  void tellsWhatAnotherVersionAndAParameterDo() {
    ObjectPlan plan =
        plan(
            TOPOLOGY,
            "spec/version='1.2.4'",
            "spec/parameters={max_links: 7}",
            "spec/externalService={type: NodePort}",
            "spec/storages/0/size=20Gi");

    Golden.assertMatches("plan.txt", PlanText.draw(new PlanView(List.of(plan)), Style.PLAIN));
    assertThat(plan.units())
        .extracting(UnitPlan::name, UnitPlan::fate, UnitPlan::turn)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("db-0", Fate.REPLACED, 2),
            org.assertj.core.groups.Tuple.tuple("db-1", Fate.REPLACED, 3),
            org.assertj.core.groups.Tuple.tuple("db-2", Fate.REPLACED, 1));
  }

  @Test
  void tellsThatAParameterReplacesNothing() {
    ObjectPlan plan = plan(TOPOLOGY, "spec/parameters={max_links: 7}");

    assertThat(plan.units()).extracting(UnitPlan::fate).containsOnly(Fate.KEPT);
    assertThat(plan.notes())
        .contains("the configuration of units that go on is in force after: upm restart db");
    assertThat(plan.files().getFirst().lines()).containsExactly("- links=0", "+ links=7");
    assertThat(plan.files().getFirst().units()).containsExactly("db-0", "db-1", "db-2");
  }

  @Test
  void tellsThatOtherResourcesReplaceNothing() {
    ObjectPlan plan = plan(TOPOLOGY, "spec/resources/limits/cpu='3'");

    assertThat(plan.units()).extracting(UnitPlan::fate).containsOnly(Fate.RESIZED);
  }

  @Test
  void tellsScalingAndPauseAndProblems() {
    ObjectPlan more = plan(TOPOLOGY, "spec/units=4");
    assertThat(more.units().getLast()).isEqualTo(new UnitPlan("db-3", Fate.MADE, 1, ""));
    assertThat(more.notes()).contains("volume claim db-3-data of 10Gi is made");
    assertThat(plan(TOPOLOGY, "spec/units=2").units().getLast().fate()).isEqualTo(Fate.REMOVED);
    assertThat(plan(TOPOLOGY, "spec/pause=true", "spec/units=9").notes())
        .containsExactly("nothing is done: spec.pause is true: set it to false to go on");
    assertThat(plan(TOPOLOGY, "spec/version='9.9'").problems()).hasSize(1);
  }

  @Test
  void tellsNewSets() {
    var forecast = new SetForecast(world(before, List.of()));

    assertThat(forecast.units()).extracting(UnitPlan::fate).containsOnly(Fate.MADE);
    assertThat(forecast.notes()).contains("Service db-headless-svc is made");
  }

  @Test
  void hidesSecretValuesOfFields() throws IOException {
    JsonNode one =
        json(
            """
            {"kind":"UnitSet","spec":{"env":[{"name":"ADM_PASSWORD","value":"abc123"},\
            {"name":"A","value":"1"}],"units":1},"status":{"x":1}}\
            """);
    JsonNode other =
        json(
            """
            {"kind":"UnitSet","spec":{"env":[{"name":"ADM_PASSWORD","value":"def456"},\
            {"name":"B","value":"2"}],"units":2},"status":{"x":2}}\
            """);

    assertThat(FieldChanges.between(one, other))
        .containsExactly(
            new FieldChange("spec.env[ADM_PASSWORD].value", "(hidden)", "(hidden)"),
            new FieldChange("spec.env[A].name", "A", ""),
            new FieldChange("spec.env[A].value", "1", ""),
            new FieldChange("spec.env[B].name", "", "B"),
            new FieldChange("spec.env[B].value", "", "2"),
            new FieldChange("spec.units", "1", "2"));
    assertThat(
            FieldChanges.between(
                json("{\"kind\":\"Secret\",\"data\":{\"a\":\"x\"}}"),
                json("{\"kind\":\"Secret\",\"data\":{\"a\":\"y\"}}")))
        .containsExactly(new FieldChange("data.a", "(hidden)", "(hidden)"));
  }

  @Test
  void removesWhatTheLastManifestHad() throws IOException {
    assertThat(
            DryRun.mergePatch(
                json("{\"spec\":{\"a\":1,\"b\":{\"c\":1,\"d\":2}}}"),
                json("{\"spec\":{\"b\":{\"d\":3}}}")))
        .isEqualTo(json("{\"spec\":{\"b\":{\"d\":3,\"c\":null},\"a\":null}}"));
  }

  @Test
  void tellsLinesThatGoAndCome() {
    assertThat(LineChanges.between("a\nb\nc\n", "a\nx\nc\nd\n"))
        .containsExactly("- b", "+ x", "+ d");
    assertThat(LineChanges.between("a\n", "a\n")).isEmpty();
  }

  private ObjectPlan plan(String... changes) {
    UnitSet wanted = Manifests.set(changes);
    List<Unit> units = Forecast.of(view(before, List.of())).units();
    units.forEach(unit -> unit.getMetadata().setUid("uid-" + unit.getMetadata().getName()));
    var forecast = new SetForecast(world(wanted, units));
    return new ObjectPlan(
        "UnitSet",
        "demo",
        "db",
        Verb.CHANGE,
        FieldChanges.between(Canonical.tree(before), Canonical.tree(wanted)),
        forecast.problems(),
        forecast.notes(),
        forecast.units(),
        forecast.files());
  }

  private PlanWorld world(UnitSet wanted, List<Unit> units) {
    var children = new HashMap<String, UnitView.Children>();
    for (Unit unit : units) {
      children.put(unit.getMetadata().getName(), made(unit));
    }
    return new PlanWorld(
        view(wanted, units),
        Optional.of(before),
        Optional.empty(),
        children,
        (one, input) ->
            List.of(
                new ConfigFile(
                    "acme.conf",
                    "links=" + input.parameters().getOrDefault("max_links", "0") + "\nport=7000\n",
                    false)));
  }

  /** What the reconciler made for a Unit. */
  private UnitView.Children made(Unit unit) {
    var decision =
        DecideUnit.decide(
            new UnitView(
                unit,
                Optional.of(engine),
                UnitView.Sources.NONE,
                UnitView.Children.NONE,
                UnitView.Place.NONE,
                Optional.empty(),
                new AgentImage("agent:1", true),
                Optional.empty(),
                NOW));
    Pod pod = ((PodStep.Create) decision.pod()).pod();
    ConfigMap document = decision.configMap().orElseThrow();
    assertThat(Owners.controls(unit, pod)).isTrue();
    return new UnitView.Children(
        Optional.of(pod),
        Optional.of(document),
        decision.claims().stream()
            .collect(Collectors.toMap(claim -> claim.getMetadata().getName(), claim -> claim)));
  }

  private SetView view(UnitSet set, List<Unit> units) {
    return new SetView(
        set,
        new SetView.Engines(List.of("acme"), Optional.of(engine)),
        units,
        List.of(),
        AddOnDecision.View.NONE,
        new SetView.References(
            Map.of("db-secret", Set.of("boss", "replication")), new TreeMap<>(), false),
        new SetView.Topology(Optional.of(new TopologyState(true, "", "db-1")), false),
        NOW);
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }
}
