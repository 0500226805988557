package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.upm.spi.EnginePlugin;
import io.upm.testkit.crd.TopologyCrd;
import io.upm.testkit.flawed.Flaws;
import io.upm.testkit.paper.Paper;
import io.upm.testkit.paper.PaperPair;
import io.upm.testkit.stateful.Counting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** A plugin that keeps the contract passes, and each flaw is found by the test that is about it. */
class EnginePluginContractTest {
  private static final Set<String> TESTS = Set.of("method", "test-factory");

  @AfterEach
  void reset() {
    PaperContract.subject = Paper::new;
  }

  @Test
  void aPluginThatKeepsItPasses() {
    Events tests = run(Paper::new);

    assertThat(failed(tests)).isEmpty();
    assertThat(tests.succeeded().count()).isGreaterThan(30);
  }

  @Test
  void aPackagedPluginPasses(@TempDir Path directory) throws IOException {
    Events tests = run(PaperZip.write(directory, TopologyCrd.yaml(new PaperPair().descriptor())));

    assertThat(failed(tests)).isEmpty();
    assertThat(tests.skipped().count() + tests.aborted().count()).isZero();
  }

  @Test
  void aPackageWithoutTheKindsOfThePluginIsFound(@TempDir Path directory) throws IOException {
    Events tests = run(PaperZip.write(directory, "kind: Other\n"));

    assertThat(failed(tests)).containsExactly("theZipHoldsTheKindsOfThePlugin");
  }

  @Test
  void withoutAZipOnlyThePackageIsNotTried() {
    assertThat(run(Paper::new).aborted().count()).isEqualTo(2);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("flaws")
  void aFlawIsFound(String test, int number, Supplier<EnginePlugin> flawed) {
    assertThat(failed(run(flawed))).as("tests that flaw %d fails", number).contains(test);
  }

  static Stream<Arguments> flaws() {
    Stream<Arguments> flaws =
        Flaws.byTest().entrySet().stream()
            .flatMap(entry ->
                IntStream.range(0, entry.getValue().size())
                    .mapToObj(one -> Arguments.of(entry.getKey(), one, entry.getValue().get(one))));
    Supplier<EnginePlugin> counting = Counting::new;
    return Stream.concat(flaws, Stream.of(Arguments.of("keepsNoStaticState", 0, counting)));
  }

  private static Events run(Path zip) {
    System.setProperty(PackageContract.ZIP, zip.toString());
    try {
      return run(Paper::new);
    } finally {
      System.clearProperty(PackageContract.ZIP);
    }
  }

  private static Events run(Supplier<EnginePlugin> plugin) {
    PaperContract.subject = plugin;
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(PaperContract.class))
        .execute()
        .allEvents();
  }

  private static Set<String> failed(Events events) {
    return events
        .failed()
        .map(event -> event.getTestDescriptor().getUniqueId())
        .flatMap(id -> id.getSegments().stream())
        .filter(segment -> TESTS.contains(segment.getType()))
        .map(UniqueId.Segment::getValue)
        .map(value -> value.substring(0, value.indexOf('(')))
        .collect(Collectors.toSet());
  }
}
