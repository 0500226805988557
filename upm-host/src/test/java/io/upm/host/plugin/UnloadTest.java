package io.upm.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.spi.PluginException;
import io.upm.spi.engine.EngineVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of a plugin is left once it is unloaded, whatever it was asked and however it failed. */
class UnloadTest {
  private static final int CYCLES = 50;

  @TempDir Path directory;

  @Test
  void everyLoaderIsCollected() throws Exception {
    Path zip = TestPlugins.sample("1.0.0").writeTo(directory.resolve("sample.zip"));
    List<RuntimeException> kept = new ArrayList<>();
    List<LoadedPlugin> unloaded = new ArrayList<>();
    int threads = Thread.activeCount();
    try (var host = new PluginHost(directory.resolve("work"), "0.1.0")) {
      for (int cycle = 0; cycle < CYCLES; cycle++) {
        LoadedPlugin plugin = host.load(PluginArchive.read(zip));
        use(plugin, kept);
        assertThat(plugin.drain(Duration.ofSeconds(5))).isTrue();
        plugin.unload();
        unloaded.add(plugin);
      }
    }

    for (LoadedPlugin plugin : unloaded) {
      assertThat(plugin.reclaimed(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(kept).hasSize(4 * CYCLES);
    assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 1);
  }

  private static void use(LoadedPlugin plugin, List<RuntimeException> kept) throws IOException {
    plugin.run("parameters", sample -> sample.parameters(EngineVersion.parse("1.0")));
    for (String failing : List.of("90", "91", "92", "93")) {
      try {
        plugin.run("parameters", sample -> sample.parameters(EngineVersion.parse(failing)));
      } catch (PluginException | PluginFault e) {
        kept.add(e);
      }
    }
    plugin.hold("config", sample -> sample.config());
    Class<? extends Record> spec = plugin.call("spec", UnloadTest::spec);
    Record made = plugin.codec().read(spec, Map.of("name", "a"), "spec").orThrow();
    assertThat(plugin.codec().writeMap(made))
        .isEqualTo(Map.of("name", "a", "port", 7, "hosts", List.of()));
    assertThat(plugin.codec().check(made, "spec")).isEmpty();
    assertThat(plugin.codec().read(spec, Map.of("nome", "a"), "spec").problems()).hasSize(2);
  }

  private static Class<? extends Record> spec(Object plugin) throws ClassNotFoundException {
    return plugin
        .getClass()
        .getClassLoader()
        .loadClass("sample.Sample$Spec")
        .asSubclass(Record.class);
  }
}
