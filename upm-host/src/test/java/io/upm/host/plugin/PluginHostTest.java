package io.upm.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.spi.engine.EngineVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginHostTest {
  private static final EngineVersion VERSION = EngineVersion.parse("1.0");

  @TempDir Path directory;
  private PluginHost host;

  @BeforeEach
  void open() {
    host = new PluginHost(directory.resolve("work"), "0.1.0");
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void showsAPluginTheJdkAndWhatBothShareAndNothingElse() throws IOException {
    LoadedPlugin plugin = host.load(archive(TestPlugins.sample("1.0.0")));

    String seen =
        plugin.call("parameters", sample -> sample.parameters(VERSION).all().getFirst().name());

    assertThat(seen).isEqualTo("context,Connection,Logger,Valid");
    assertThat(plugin.phase()).isEqualTo(PluginPhase.ACTIVE);
    assertThat(plugin.descriptor().engine()).isEqualTo("sample");
  }

  @Test
  void keepsTheContextLoaderOfTheCaller() throws IOException {
    LoadedPlugin plugin = host.load(archive(TestPlugins.sample("1.0.0")));
    ClassLoader before = Thread.currentThread().getContextClassLoader();

    plugin.call("parameters", sample -> sample.parameters(VERSION));

    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  @Test
  void servesVersionsSideBySide() throws IOException {
    LoadedPlugin older = host.load(archive(TestPlugins.sample("1.0.0")));
    LoadedPlugin newer = host.load(archive(TestPlugins.sample("1.1.0")));

    assertThat(host.loaded()).containsExactlyInAnyOrder(older, newer);
    assertThat(older.<Object>call("class", Object::getClass))
        .isNotEqualTo(newer.<Object>call("class", Object::getClass));

    older.unload();

    String engine = newer.call("engine", sample -> sample.descriptor().engine());
    assertThat(engine).isEqualTo("sample");
    assertThat(host.loaded()).containsExactly(newer);
  }

  @Test
  void loadsABuildOnceAndAgainAfterItWasUnloaded() throws IOException {
    PluginArchive archive = archive(TestPlugins.sample("1.0.0"));
    LoadedPlugin first = host.load(archive);

    assertThat(host.load(archive)).isSameAs(first);

    first.unload();
    LoadedPlugin second = host.load(archive);

    assertThat(second).isNotSameAs(first);
    assertThat(second.phase()).isEqualTo(PluginPhase.ACTIVE);
  }

  @Test
  void aDrainingBuildDoesNotStandInTheWayOfAFreshOne() throws Exception {
    PluginArchive archive = archive(TestPlugins.sample("1.0.0"));
    LoadedPlugin first = host.load(archive);
    first.drain(java.time.Duration.ZERO);
    LoadedPlugin second = host.load(archive);

    first.unload();

    assertThat(host.loaded()).containsExactly(second);
  }

  @Test
  void refusesAPluginForAnotherSpi() throws IOException {
    TestPlugins newer = TestPlugins.sample("1.0.0").properties("sample", "1.0.0", ">=2.0.0");
    PluginArchive archive = archive(newer);

    assertThatThrownBy(() -> host.load(archive))
        .isInstanceOf(PluginLoadException.class)
        .hasMessage("plugin %s needs SPI >=2.0.0, this host has 0.1.0", archive.key());
    assertThat(host.loaded()).isEmpty();
  }

  @Test
  void refusesToCheckNothing() {
    assertThatIllegalArgumentException().isThrownBy(() -> new PluginHost(directory, "0.0.0"));
  }

  @Test
  void refusesAPluginWithoutAnEntryPoint() throws IOException {
    PluginArchive archive = archive(TestPlugins.sample("1.0.0").without(TestPlugins.SERVICES));

    assertThatThrownBy(() -> host.load(archive))
        .isInstanceOf(PluginLoadException.class)
        .hasMessage(
            "plugin %s names no EnginePlugin in META-INF/services/io.upm.spi.EnginePlugin",
            archive.key());
  }

  @Test
  void refusesAPluginWithTwoEntryPoints() throws IOException {
    String second = TestPlugins.source("Sample").replace("Sample", "Second");
    PluginArchive archive =
        archive(
            TestPlugins.sample("1.0.0")
                .classes(
                    Map.of(
                        "sample.Second",
                        second,
                        "sample.Missing",
                        "package sample; class Missing {}"))
                .text(TestPlugins.SERVICES, "sample.Sample\nsample.Second\n"));

    assertThatThrownBy(() -> host.load(archive))
        .isInstanceOf(PluginLoadException.class)
        .hasMessage(
            "plugin %s has more than one EnginePlugin: [sample.Sample, sample.Second]",
            archive.key());
  }

  @Test
  void refusesAnEntryPointThatIsNotThere() throws IOException {
    PluginArchive archive =
        archive(TestPlugins.sample("1.0.0").text(TestPlugins.SERVICES, "sample.Other\n"));

    assertThatThrownBy(() -> host.load(archive))
        .isInstanceOf(PluginLoadException.class)
        .hasMessageContaining("sample.Other not found");
  }

  @Test
  void containsAConstructorThatFails() throws IOException {
    String failing =
        TestPlugins.source("Sample")
            .replace(
                "public record Spec",
                "public Sample() { throw new NoClassDefFoundError(\"lib\"); }\npublic record Spec");
    PluginArchive archive =
        archive(
            TestPlugins.sample("1.0.0")
                .classes(
                    Map.of(
                        "sample.Sample",
                        failing,
                        "sample.Missing",
                        "package sample; class Missing {}")));

    assertThatThrownBy(() -> host.load(archive))
        .isInstanceOf(PluginLoadException.class)
        .hasMessageContaining("can't be loaded: ")
        .hasMessageContaining("sample.Sample could not be instantiated")
        .cause()
        .isInstanceOf(Detached.class);
  }

  @Test
  void expandsAgainWhatWasDamaged() throws IOException {
    PluginArchive archive = archive(TestPlugins.sample("1.0.0"));
    host.load(archive).unload();
    Path type = expanded(archive).resolve("classes/sample/Sample.class");
    Files.write(type, new byte[(int) Files.size(type)]);

    LoadedPlugin plugin = host.load(archive);

    assertThat(plugin.phase()).isEqualTo(PluginPhase.ACTIVE);
  }

  @Test
  void refusesAZipThatChangedSinceItWasRead() throws IOException {
    PluginArchive archive = archive(TestPlugins.sample("1.0.0"));
    TestPlugins.sample("1.0.0").text("more", "more").writeTo(archive.path());

    assertThatThrownBy(() -> host.load(archive))
        .isInstanceOf(PluginLoadException.class)
        .hasMessageContaining("was changed after it was read");
    assertThat(expanded(archive)).doesNotExist();
  }

  @Test
  void prunesWhatIsNotLoaded() throws IOException {
    PluginArchive older = archive(TestPlugins.sample("1.0.0"));
    PluginArchive newer = archive(TestPlugins.sample("1.1.0"));
    host.load(older).unload();
    host.load(newer);
    Files.createDirectory(directory.resolve("work/.incomplete-1"));

    host.prune();

    try (var left = Files.list(directory.resolve("work"))) {
      assertThat(left).containsExactly(expanded(newer));
    }
  }

  private Path expanded(PluginArchive archive) {
    PluginKey key = archive.key();
    return directory
        .resolve("work")
        .resolve("%s-%s-%s".formatted(key.id(), key.version(), key.digest()));
  }

  private PluginArchive archive(TestPlugins plugin) throws IOException {
    return PluginArchive.read(plugin.writeTo(Files.createTempFile(directory, "plugin", ".zip")));
  }
}
