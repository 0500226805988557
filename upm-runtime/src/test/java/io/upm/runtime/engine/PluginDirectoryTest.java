package io.upm.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginFault;
import io.upm.host.plugin.PluginPhase;
import io.upm.spi.engine.EngineVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginDirectoryTest {
  @TempDir private Path temporary;

  private Path zip(String name) {
    return temporary.resolve("plugins").resolve(name);
  }

  private PluginDirectory open(ImageOverrides images) {
    return new PluginDirectory(temporary.resolve("plugins"), temporary.resolve("work"), images);
  }

  private PluginDirectory open() {
    return open(ImageOverrides.NONE);
  }

  @Test
  void aDirectoryThatIsNotThereHoldsNoPlugin() {
    try (var plugins = open()) {
      assertThat(plugins.all()).isEmpty();
      assertThat(plugins.find("toy")).isEmpty();
      assertThat(plugins.states()).isEmpty();
    }
  }

  @Test
  void servesTheNewestVersionByNumber() throws Exception {
    new ToyZip("toy", "1.9.0").write(zip("a.zip"));
    new ToyZip("toy", "1.10.0").write(zip("b.zip"));
    try (var plugins = open()) {
      assertThat(plugins.find("toy").orElseThrow().plugin().version()).isEqualTo("1.10.0");
      assertThat(plugins.states())
          .extracting(PluginState::file, PluginState::phase, PluginState::serves)
          .containsExactly(
              org.assertj.core.api.Assertions.tuple("a.zip", PluginPhase.VERIFIED, false),
              org.assertj.core.api.Assertions.tuple("b.zip", PluginPhase.ACTIVE, true));
    }
  }

  @Test
  void aBadZipIsToldAboutAndStopsNoOther() throws Exception {
    new ToyZip("toy", "1.0.0").write(zip("good.zip"));
    new ToyZip("toy", "1.1.0")
        .with("classes/META-INF/services/io.upm.spi.EnginePlugin", "no.such.Type")
        .write(zip("unloadable.zip"));
    Files.writeString(zip("text.zip"), "no zip");
    new ToyZip("evil", "1.0.0").with("classes/io/upm/spi/Evil.class", "").write(zip("spi.zip"));
    try (var plugins = open()) {
      assertThat(plugins.find("toy").orElseThrow().plugin().version()).isEqualTo("1.0.0");
      assertThat(plugins.states()).hasSize(4);
      assertThat(problem(plugins, "text.zip")).contains("text.zip");
      assertThat(problem(plugins, "spi.zip")).contains("the SPI");
      assertThat(problem(plugins, "unloadable.zip")).contains("no.such.Type");
      assertThat(problem(plugins, "good.zip")).isEmpty();
    }
  }

  @Test
  void oneEngineIsServedByOnePlugin() throws Exception {
    new ToyZip("toy", "1.0.0").write(zip("toy.zip"));
    new ToyZip("toy-fork", "1.0.0").write(zip("fork.zip"));
    try (var plugins = open()) {
      assertThat(plugins.all()).hasSize(1);
      assertThat(problem(plugins, "fork.zip")).contains("engine toy is served by plugin toy@1.0.0");
    }
  }

  @Test
  void followsTheDirectoryAndUnloadsWhatIsGone() throws Exception {
    new ToyZip("toy", "1.0.0").write(zip("toy-1.0.zip"));
    try (var plugins = open()) {
      var changes = new ArrayList<String>();
      plugins.onChange(changes::add);
      LoadedPlugin first = plugins.engines().getFirst().loaded();
      Engine engine = plugins.find("toy").orElseThrow();
      plugins.rescan();
      assertThat(changes).isEmpty();
      assertThat(plugins.find("toy").orElseThrow()).isSameAs(engine);

      new ToyZip("toy", "1.1.0").write(zip("toy-1.1.zip"));
      plugins.rescan();
      assertThat(changes).containsExactly("toy");
      assertThat(plugins.find("toy").orElseThrow().plugin().version()).isEqualTo("1.1.0");
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(first.phase()).isEqualTo(PluginPhase.RECLAIMED));

      Files.delete(zip("toy-1.0.zip"));
      Files.delete(zip("toy-1.1.zip"));
      plugins.rescan();
      assertThat(plugins.find("toy")).isEmpty();
      assertThat(changes).containsExactly("toy", "toy");
    }
  }

  @Test
  void givesAnotherVersionToWhoAsksForIt() throws Exception {
    new ToyZip("toy", "1.0.0").write(zip("toy-1.0.zip"));
    new ToyZip("toy", "1.1.0").write(zip("toy-1.1.zip"));
    try (var plugins = open()) {
      Engine toy = plugins.find("toy").orElseThrow();

      assertThat(toy.versions()).containsExactly("1.1.0", "1.0.0");
      assertThat(toy.inVersion("2.0.0")).isEmpty();
      assertThat(plugins.find("toy", "")).contains(toy);
      PluginEngine older = (PluginEngine) plugins.find("toy", "1.0.0").orElseThrow();
      assertThat(older.plugin().version()).isEqualTo("1.0.0");
      assertThat(older.parameters(EngineVersion.parse("1.0")).all()).isEmpty();
      assertThat(older.versions()).containsExactlyInAnyOrder("1.1.0", "1.0.0");
      LoadedPlugin loaded = older.loaded();
      older = null;

      Files.delete(zip("toy-1.0.zip"));
      plugins.rescan();

      assertThat(plugins.find("toy", "1.0.0")).isEmpty();
      assertThat(plugins.find("toy").orElseThrow().versions()).containsExactly("1.1.0");
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> assertThat(loaded.phase()).isIn(PluginPhase.UNLOADED, PluginPhase.RECLAIMED));
    }
  }

  @Test
  void imagesAreOverriddenByVersionThenBySeries() throws Exception {
    new ToyZip("toy", "1.0.0").write(zip("toy.zip"));
    Path overrides = temporary.resolve("images.json");
    Files.writeString(
        overrides,
        """
        {"toy": {"1.2.3": "mirror/exact", "1.x": "mirror/toy:{version}"}}
        """);
    try (var plugins = open(ImageOverrides.read(overrides))) {
      Engine toy = plugins.find("toy").orElseThrow();
      assertThat(toy.image(EngineVersion.parse("1.2.3"))).isEqualTo("mirror/exact");
      assertThat(toy.image(EngineVersion.parse("1.4.0"))).isEqualTo("mirror/toy:1.4.0");
      assertThat(toy.image(EngineVersion.parse("2.0.0"))).isEqualTo("toy:2.0.0");
      assertThatThrownBy(() -> toy.image(EngineVersion.parse("9.0")))
          .hasMessageContaining("toy 9.0 is not served");
    }
  }

  @Test
  void overridesThatAreNoneAreRefused() throws Exception {
    Path overrides = temporary.resolve("images.json");
    assertThat(ImageOverrides.read(overrides)).isEqualTo(ImageOverrides.NONE);
    Files.writeString(overrides, "[1]");
    assertThatThrownBy(() -> ImageOverrides.read(overrides))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("images.json");
    assertThat(new ImageOverrides(Map.of()).images()).isEmpty();
  }

  @Test
  void aFaultIsContainedAndCounted() throws Exception {
    new ToyZip("toy", "1.0.0").write(zip("toy.zip"));
    try (var plugins = open()) {
      PluginEngine toy = plugins.engines().getFirst();
      assertThat(toy.parameters(EngineVersion.parse("1.0")).all()).isEmpty();
      assertThatThrownBy(() -> toy.parameters(EngineVersion.parse("2.0")))
          .isInstanceOf(PluginFault.class)
          .hasMessageContaining("toy@1.0.0");
      assertThat(toy.faults()).isEqualTo(1);
    }
  }

  private static String problem(PluginDirectory plugins, String file) {
    return plugins.states().stream()
        .filter(state -> state.file().equals(file))
        .findFirst()
        .orElseThrow()
        .problem();
  }
}
