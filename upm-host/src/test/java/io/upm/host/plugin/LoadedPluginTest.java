package io.upm.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.spi.PluginException;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadedPluginTest {
  @TempDir Path directory;
  private PluginHost host;
  private LoadedPlugin plugin;

  @BeforeEach
  void load() throws IOException {
    host = new PluginHost(directory.resolve("work"), "0.1.0");
    Path zip = TestPlugins.sample("1.0.0").writeTo(directory.resolve("sample.zip"));
    plugin = host.load(PluginArchive.read(zip));
  }

  @AfterEach
  void close() {
    host.close();
  }

  @ParameterizedTest
  @CsvSource({
    "90, java.lang.IllegalStateException: a bug",
    "91, java.lang.StackOverflowError",
    "92, java.lang.NoClassDefFoundError: sample/Missing",
    "95, java.lang.OutOfMemoryError: Requested array size exceeds VM limit",
    "96, sample.Sample$Spiteful",
  })
  void containsWhateverIsThrown(int version, String summary) {
    assertThatExceptionOfType(PluginFault.class)
        .isThrownBy(() -> ask(version))
        .withMessage("plugin %s failed in parameters: %s", plugin.key(), summary)
        .satisfies(fault -> assertThat(fault.key()).isEqualTo(plugin.key()))
        .satisfies(fault -> assertThat(fault.operation()).isEqualTo("parameters"))
        .havingCause()
        .satisfies(cause ->
            assertThat(cause.getStackTrace()[0].getClassName()).startsWith("sample.Sample"));
    assertThat(plugin.faults()).isEqualTo(1);
    assertThat(plugin.inFlight()).isZero();
    ask(1);
    assertThat(plugin.faults()).isZero();
  }

  @Test
  void letsAPluginExceptionThroughWithoutTheClassesOfThePlugin() {
    assertThatExceptionOfType(PluginException.class)
        .isThrownBy(() -> ask(93))
        .withMessage("no such thing")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(PluginException.Kind.USER))
        .havingCause()
        .isInstanceOf(Detached.class)
        .satisfies(cause -> assertThat(cause).hasToString("sample.Sample$Spiteful"));
    assertThat(plugin.faults()).isZero();
  }

  @Test
  void countsFaultsInARowForEachOperation() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> ask(94)).isInstanceOf(PluginException.class);
      assertThatThrownBy(() -> ask(90)).isInstanceOf(PluginFault.class);
      plugin.run("descriptor", sample -> assertThat(sample.descriptor()).isNotNull());
    }
    assertThat(plugin.faults()).isEqualTo(6);
    assertThat(plugin.faults("descriptor")).isZero();

    assertThatThrownBy(() -> ask(93)).isInstanceOf(PluginException.class);

    assertThat(plugin.faults()).isZero();
  }

  @Test
  void keepsAnInterruptAndDoesNotBlameThePlugin() {
    assertThatThrownBy(() ->
            plugin.run(
                "wait",
                sample -> {
                  throw new InterruptedException("enough");
                }))
        .isInstanceOf(PluginFault.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(plugin.faults()).isZero();
  }

  @Test
  void drainsUnderLoadAndLosesNoCall() throws Exception {
    var admitted = new AtomicInteger();
    var finished = new AtomicInteger();
    var refused = new AtomicInteger();
    var busy = new CountDownLatch(64);
    var callers = new ArrayList<Future<?>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 64; i++) {
        callers.add(
            threads.submit(() -> {
              while (true) {
                try {
                  plugin.run(
                      "work",
                      sample -> {
                        admitted.incrementAndGet();
                        busy.countDown();
                        sample.parameters(EngineVersion.parse("1.0"));
                        finished.incrementAndGet();
                      });
                } catch (PluginDrainedException e) {
                  refused.incrementAndGet();
                  return;
                }
              }
            }));
      }
      busy.await();

      assertThat(plugin.drain(Duration.ofSeconds(30))).isTrue();
      plugin.unload();
      int atUnload = finished.get();
      for (Future<?> caller : callers) {
        caller.get();
      }

      assertThat(refused).hasValue(64);
      assertThat(admitted).hasValue(atUnload);
      assertThat(finished).hasValue(atUnload);
    }
  }

  @Test
  void staysLoadedWhileACallIsInside() throws Exception {
    var inside = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var seen = new AtomicReference<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> call =
          threads.submit(() ->
              plugin.run(
                  "backup",
                  sample -> {
                    inside.countDown();
                    release.await();
                    seen.set(plugin.callback("read", () -> sample.descriptor().engine()));
                  }));
      inside.await();

      assertThat(plugin.drain(Duration.ofMillis(10))).isFalse();
      assertThat(plugin.phase()).isEqualTo(PluginPhase.DRAINING);
      assertThat(plugin.running()).containsExactly("backup");
      assertThatThrownBy(() -> ask(1))
          .isInstanceOf(PluginDrainedException.class)
          .hasMessage("plugin %s is draining and takes no new call (parameters)", plugin.key());
      assertThatIllegalStateException()
          .isThrownBy(plugin::unload)
          .withMessage("plugin %s is still busy with [backup]", plugin.key());

      release.countDown();
      call.get();
      assertThat(seen).hasValue("sample");
      assertThat(plugin.drain(Duration.ZERO)).isTrue();
      plugin.unload();
      assertThat(plugin.phase()).isEqualTo(PluginPhase.UNLOADED);
      assertThatThrownBy(() -> plugin.callback("read", () -> 1))
          .isInstanceOf(PluginDrainedException.class);
    }
  }

  @Test
  void closesWhatItHoldsAtUnload() {
    System.clearProperty("upm.test.closed");
    PluginObject<EngineLifecycle> first =
        plugin.hold("lifecycle", sample -> sample.lifecycle(noContext()));
    PluginObject<EngineLifecycle> second =
        plugin.hold("lifecycle", sample -> sample.lifecycle(noContext()));
    PluginObject<String> third = plugin.hold("name", sample -> sample.descriptor().engine());

    second.close();
    second.close();
    assertThat(System.getProperty("upm.test.closed")).isEqualTo("x");
    assertThatThrownBy(() -> second.run("probe", lifecycle -> {}))
        .isInstanceOf(PluginDrainedException.class);
    assertThat(first.isOpen()).isTrue();
    assertThat(third.call("length", String::length)).isEqualTo(6);

    plugin.unload();

    assertThat(System.getProperty("upm.test.closed")).isEqualTo("xx");
    assertThat(first.isOpen()).isFalse();
    assertThat(third.isOpen()).isFalse();
    assertThatThrownBy(() -> first.call("probe", lifecycle -> 1))
        .isInstanceOf(PluginDrainedException.class);
  }

  @Test
  void lendsNoCodecOnceUnloaded() {
    assertThat(plugin.codec()).isNotNull();

    plugin.unload();
    plugin.unload();

    assertThatThrownBy(plugin::codec).isInstanceOf(PluginDrainedException.class);
  }

  @Test
  void saysWhenSomethingKeepsIt() throws InterruptedException {
    Object kept = plugin.call("leak", sample -> sample);
    assertThatIllegalStateException().isThrownBy(() -> plugin.reclaimed(Duration.ZERO));
    plugin.unload();

    assertThat(plugin.reclaimed(Duration.ofMillis(100))).isFalse();
    assertThat(plugin.phase()).isEqualTo(PluginPhase.LEAKED);
    assertThat(kept.getClass().getName()).isEqualTo("sample.Sample");

    kept = "";
    assertThat(plugin.reclaimed(Duration.ofSeconds(30))).isTrue();
    assertThat(plugin.phase()).isEqualTo(PluginPhase.RECLAIMED);
    assertThat(kept).isEqualTo("");
  }

  private void ask(int version) {
    plugin.run("parameters", sample -> sample.parameters(EngineVersion.parse("" + version)));
  }

  private static AgentContext noContext() {
    return (AgentContext)
        Proxy.newProxyInstance(
            AgentContext.class.getClassLoader(),
            new Class<?>[] {AgentContext.class},
            (proxy, method, arguments) -> null);
  }
}
