package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.host.plugin.Conversion;
import io.upm.spi.Problem;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.Mode;
import io.upm.spi.topology.CredentialRef;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.TopologyDescriptor;
import io.upm.spi.topology.TopologyManager;
import io.upm.testkit.crd.TopologyCrd;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Topologies: their kinds, their specs, and decisions that can be replayed. */
public interface TopologyContract extends PluginUnderTest {
  Set<String> SERVICE_TYPES = Set.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName");

  @Test
  default void kindsAreNamed() {
    List<? extends TopologyDescriptor<?>> all =
        managers().map(TopologyManager::descriptor).toList();

    assertThat(all.stream().map(TopologyDescriptor::kind)).doesNotHaveDuplicates();
    assertThat(all)
        .allSatisfy(one -> {
          assertThat(one.kind()).matches("[A-Z][A-Za-z0-9]{0,62}");
          assertThat(one.plural()).matches("[a-z][a-z0-9]{0,62}");
          assertThat(one.labelPrefix()).as("prefix of labels").contains("/");
          assertThat(one.roles()).as("roles").isNotEmpty().doesNotHaveDuplicates();
          assertThat(one.columns()).allMatch(column -> column.jsonPath().startsWith("."));
          assertThat(TopologyCrd.yaml(one)).contains("kind: " + one.kind());
        });
  }

  @TestFactory
  default Stream<DynamicTest> documentedManifestsAreValid() {
    return forEachKind(topology ->
        assertThat(topology.documented(this))
            .as("documented manifests of %s", topology.kind())
            .isNotEmpty()
            .allSatisfy(spec -> {
              Conversion<?> conversion = topology.read(spec);
              assertThat(conversion.problems()).map(Problem::sentence).isEmpty();
              assertValid(topology, conversion);
            }));
  }

  @TestFactory
  default Stream<DynamicTest> validationAnswersWhateverTheSpec() {
    return forEachKind(topology -> {
      for (JsonNode documented : topology.documented(this)) {
        for (JsonNode variant : SpecVariants.of(documented)) {
          Conversion<?> conversion = topology.read(variant);
          List<Problem> problems =
              conversion.value().isPresent()
                  ? topology.validate(conversion)
                  : conversion.problems();
          assertThat(problems)
              .as("problems with %s", variant)
              .allSatisfy(problem -> assertThat(problem.allowed()).isNotBlank());
        }
      }
    });
  }

  @TestFactory
  default Stream<DynamicTest> decisionsAndReportsFollowFromWhatWasObserved() {
    return forEachKind(topology -> {
      for (JsonNode documented : topology.documented(this)) {
        topology.replayUnreachable(documented);
        topology.replay(this, documented);
      }
    });
  }

  @TestFactory
  default Stream<DynamicTest> everyModeWithATopologyGetsASpec() {
    EngineDescriptor engine = plugin().descriptor();
    return engine.modes().stream()
        .filter(mode -> !mode.topologyKind().isEmpty())
        .map(mode -> DynamicTest.dynamicTest(mode.name(), () -> assertSpecFor(engine, mode)));
  }

  private void assertSpecFor(EngineDescriptor engine, Mode mode) {
    List<Topology<?, ?>> serving =
        topologies().filter(topology -> topology.serves(engine, mode)).toList();

    assertThat(serving).as("managers that serve mode %s", mode.name()).hasSize(1);
    assertThat(serving.getFirst().kind()).isEqualTo(mode.topologyKind());
    serving.getFirst().assertSpecFor(engine, mode);
  }

  private static void assertValid(Topology<?, ?> topology, Conversion<?> conversion) {
    assertThat(topology.validate(conversion)).map(Problem::sentence).isEmpty();
    assertThat(topology.endpoints(conversion)).isNotEmpty();
    assertThat(topology.endpoints(conversion).stream().map(Endpoint::name)).doesNotHaveDuplicates();
    assertThat(topology.credentials(conversion).stream().map(CredentialRef::purpose))
        .doesNotHaveDuplicates();
    assertThat(topology.serviceType(conversion)).isIn(SERVICE_TYPES);
  }

  private Stream<DynamicTest> forEachKind(Consumer<Topology<?, ?>> test) {
    return topologies()
        .map(topology -> DynamicTest.dynamicTest(topology.kind(), () -> test.accept(topology)));
  }

  private Stream<Topology<?, ?>> topologies() {
    return managers().map(TopologyContract::topology);
  }

  private static <S extends Record, O> Topology<?, ?> topology(TopologyManager<S, O> manager) {
    return new Topology<>(manager);
  }

  private Stream<TopologyManager<?, ?>> managers() {
    return plugin().topologies(Samples.runtimeContext()).stream();
  }
}
