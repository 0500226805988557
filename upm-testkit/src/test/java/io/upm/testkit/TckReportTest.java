package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.TckEvidence;
import io.upm.host.plugin.TckReport;
import io.upm.host.plugin.TckReport.Capability;
import io.upm.spi.EnginePlugin;
import io.upm.testkit.crd.TopologyCrd;
import io.upm.testkit.flawed.Flaws;
import io.upm.testkit.paper.Paper;
import io.upm.testkit.paper.PaperPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What the contract writes down, and what a zip with it is taken for. */
class TckReportTest {
  @TempDir private Path directory;

  @AfterEach
  void reset() {
    PaperContract.subject = Paper::new;
  }

  @Test
  void provesWhatAPluginHasAndKeeps() throws IOException {
    TckReport report = report(Paper::new);

    assertThat(report.engine()).isEqualTo("paper");
    assertThat(report.spi()).isEqualTo(EnginePlugin.SPI_VERSION);
    assertThat(report.passed().keySet()).containsExactlyInAnyOrder(Capability.values());
    assertThat(report.passed().values()).allMatch(tests -> tests > 0);
    assertThat(report.sentence())
        .matches("config, life cycle, actions, topology proven by \\d+ tests of the TCK of SPI .*");
    assertThat(report.json()).as("found again").isEqualTo(report(Paper::new).json());
  }

  @Test
  void provesNothingOfWhatFails() throws IOException {
    assertThat(flawed("everyModeRendersAtEverySize"))
        .containsExactlyInAnyOrder(Capability.LIFECYCLE, Capability.ACTIONS, Capability.TOPOLOGY);
    assertThat(flawed("describesItselfTheSameEveryTime")).as("of an unsound plugin").isEmpty();
  }

  @Test
  void holdsForTheClassesThatWereTried() throws IOException {
    TckReport found = report(Paper::new);

    assertThat(zipped(found.json()).sentence()).contains("of other classes than these");
    assertThat(zipped("{}".getBytes(StandardCharsets.UTF_8)).sentence())
        .contains("can't be understood");
    assertThat(PluginArchive.read(zip()).tck().sentence()).isEqualTo("no TCK report");
    var own = new TckReport("paper", "0.1.0", digestOf(zip()), found.passed());
    assertThat(zipped(own.json()).report().orElseThrow().proves(Capability.TOPOLOGY)).isTrue();
    assertThat(zipped(own.json()).sentence()).isEqualTo(own.sentence());
  }

  private Path zip() throws IOException {
    return PaperZip.write(directory, TopologyCrd.yaml(new PaperPair().descriptor()));
  }

  private TckEvidence zipped(byte[] report) throws IOException {
    Path zip = zip();
    try (var files = FileSystems.newFileSystem(zip)) {
      Path entry = files.getPath(TckReport.ENTRY);
      Files.createDirectories(Objects.requireNonNull(entry.getParent()));
      Files.write(entry, report);
    }
    return PluginArchive.read(zip).tck();
  }

  private static String digestOf(Path zip) throws IOException {
    try (var files = FileSystems.newFileSystem(zip)) {
      Path root = files.getPath("classes");
      var contents = new TreeMap<String, TckReport.Content>();
      try (var all = Files.walk(root)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          byte[] content = Files.readAllBytes(file);
          contents.put(root.relativize(file).toString(), () -> content);
        }
      }
      return TckReport.digest(contents);
    }
  }

  private Set<Capability> flawed(String test) throws IOException {
    return report(Objects.requireNonNull(Flaws.byTest().get(test)).getFirst()).passed().keySet();
  }

  private TckReport report(Supplier<EnginePlugin> plugin) throws IOException {
    Path file = directory.resolve("target").resolve("report.json");
    System.setProperty(EnginePluginContract.REPORT, file.toString());
    PaperContract.subject = plugin;
    try {
      EngineTestKit.engine("junit-jupiter").selectors(selectClass(PaperContract.class)).execute();
      return TckReport.parse(Files.readAllBytes(file)).orElseThrow();
    } finally {
      System.clearProperty(EnginePluginContract.REPORT);
    }
  }
}
