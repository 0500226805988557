package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.upm.host.plugin.Conversion;
import io.upm.host.plugin.RecordCodec;
import io.upm.spi.Problem;
import io.upm.spi.engine.Account;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.Mode;
import io.upm.spi.topology.CredentialRef;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.Intent;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.NodeReport;
import io.upm.spi.topology.SetView;
import io.upm.spi.topology.TopologyManager;
import io.upm.spi.topology.TopologyReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One topology manager, with the types of its spec and observation bound. */
final class Topology<S extends Record, O> {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final String NO_ROLE = "None";

  private final TopologyManager<S, O> manager;
  private final RecordCodec codec;

  Topology(TopologyManager<S, O> manager) {
    this.manager = manager;
    this.codec = new RecordCodec(manager.getClass().getClassLoader());
  }

  String kind() {
    return manager.descriptor().kind();
  }

  /** Specs of the documented manifests of this kind. */
  List<JsonNode> documented(PluginUnderTest subject) {
    return subject.documentedManifests().stream()
        .map(Topology::parse)
        .filter(manifest -> manifest.path("kind").asText().equals(kind()))
        .map(manifest -> manifest.path("spec"))
        .toList();
  }

  Conversion<S> read(JsonNode spec) {
    return codec.read(manager.descriptor().spec(), spec, "spec");
  }

  List<Problem> validate(Conversion<?> conversion) {
    return manager.validate(spec(conversion));
  }

  List<Endpoint> endpoints(Conversion<?> conversion) {
    return manager.endpoints(spec(conversion));
  }

  List<CredentialRef> credentials(Conversion<?> conversion) {
    return manager.credentials(spec(conversion));
  }

  String serviceType(Conversion<?> conversion) {
    return manager.serviceType(spec(conversion));
  }

  /** Decides and reports on the plugin's own observations. */
  void replay(PluginUnderTest subject, JsonNode documented) {
    S spec = read(documented).orThrow();
    for (Memory memory : memories(spec)) {
      for (Object observed : subject.observations(manager, spec)) {
        @SuppressWarnings("unchecked") // By contract of PluginUnderTest.observations.
        O own = (O) observed;
        decideAndReport(spec, own, memory);
      }
    }
  }

  /** Observes with every node away, decides and reports. */
  void replayUnreachable(JsonNode documented) {
    S spec = read(documented).orThrow();
    O away = manager.observe(spec, new UnreachableNodes(manager.endpoints(spec)));
    for (Memory memory : memories(spec)) {
      TopologyReport report = decideAndReport(spec, away, memory);
      assertThat(report.ready()).as("ready with no node in reach").isFalse();
      assertThat(report.message()).doesNotContain(Samples.SECRET);
      assertThat(report.nodes())
          .as("nodes that take writes, none being in reach")
          .noneMatch(node -> node.route().equals(Optional.of(NodeReport.Route.READWRITE)));
    }
  }

  private TopologyReport decideAndReport(S spec, O observed, Memory memory) {
    assertThat(manager.decide(spec, observed, memory))
        .as("decided again")
        .isEqualTo(manager.decide(spec, observed, memory));
    TopologyReport report = manager.report(spec, observed, memory);

    assertThat(manager.report(spec, observed, memory)).as("reported again").isEqualTo(report);
    assertThat(report.message()).isNotBlank();
    assertThat(report.nodes().stream().map(NodeReport::name))
        .as("nodes reported on")
        .containsExactlyInAnyOrderElementsOf(
            manager.endpoints(spec).stream().map(Endpoint::name).toList());
    List<String> roles =
        Stream.concat(manager.descriptor().roles().stream(), Stream.of(NO_ROLE)).toList();
    assertThat(report.nodes()).allSatisfy(node -> assertThat(node.role()).isIn(roles));
    return report;
  }

  private List<Memory> memories(S spec) {
    String first = manager.endpoints(spec).getFirst().name();
    var intent =
        new Intent(
            "of-another-version",
            first,
            3,
            Samples.NOW.minus(Duration.ofHours(1)),
            Samples.NOW.minus(Duration.ofMinutes(1)),
            Map.of());
    Memory known = Memory.EMPTY.withSource(first);
    return List.of(Memory.EMPTY, known, known.withIntent(intent), known.withSource("gone"));
  }

  boolean serves(EngineDescriptor engine, Mode mode) {
    return manager.specFor(view(engine, mode), Optional.empty()).isPresent();
  }

  void assertSpecFor(EngineDescriptor engine, Mode mode) {
    SetView set = view(engine, mode);
    S spec = manager.specFor(set, Optional.empty()).orElseThrow();

    assertThat(codec.check(spec, "spec")).map(Problem::sentence).isEmpty();
    assertThat(manager.validate(spec)).map(Problem::sentence).isEmpty();
    assertThat(read(codec.write(spec)).orThrow()).as("through JSON and back").isEqualTo(spec);
    assertThat(manager.endpoints(spec)).containsExactlyInAnyOrderElementsOf(set.units());
    assertThat(manager.serviceType(spec)).isEqualTo(set.serviceType());
    assertThat(manager.specFor(set, Optional.of(spec))).as("asked again").contains(spec);
  }

  private static SetView view(EngineDescriptor engine, Mode mode) {
    List<Endpoint> units = new ArrayList<>();
    IntStream.range(0, Samples.units(mode))
        .mapToObj(
            unit -> new Endpoint("demo-" + unit, Samples.host(unit), engine.clientPort().number()))
        .forEach(units::add);
    return new SetView(
        "demo",
        mode.name(),
        units,
        "demo-secret",
        engine.accounts().stream()
            .collect(Collectors.toMap(Account::purpose, Account::defaultUser)),
        "ClusterIP");
  }

  private S spec(Conversion<?> conversion) {
    return manager.descriptor().spec().cast(conversion.orThrow());
  }

  private static JsonNode parse(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not YAML: " + yaml, e);
    }
  }
}
