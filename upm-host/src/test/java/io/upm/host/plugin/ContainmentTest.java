package io.upm.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.upm.spi.engine.EngineVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plugin does stays its own, in a host that it shares with others. */
@Timeout(120)
class ContainmentTest {
  private static final String END = "sample.hostile.end";
  private static final String LOAD = "sample.hostile.load";

  private static final Duration CALL = Duration.ofSeconds(1);
  private static final Containment LIMITS =
      new Containment(CALL, CALL, Duration.ofMillis(300), 1, 4, 1 << 20, 1 << 10);

  @TempDir Path directory;
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<PluginKey> told = new LinkedBlockingQueue<>();
  private PluginHost host;

  @BeforeEach
  void open() {
    host = new PluginHost(directory.resolve("work"), "0.1.0", Optional.of(LIMITS));
    host.onTrouble(told::add);
  }

  @AfterEach
  void end() {
    System.setProperty(END, "true");
    System.clearProperty(LOAD);
    host.close();
    callers.close();
    System.clearProperty(END);
  }

  @ParameterizedTest
  @CsvSource({"11, an endless loop", "12, a deadlock", "15, an ignored interrupt"})
  void givesUpACallThatDoesNotEndAndServesOthersMeanwhile(int version, String what)
      throws Exception {
    LoadedPlugin sound = host.load(archive(TestPlugins.sample("1.0.0"), "sound"));
    LoadedPlugin hostile = host.load(archive(hostile(), "hostile"));
    var stuck = new ArrayList<Future<?>>();
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors() + 4; i++) {
      stuck.add(callers.submit(() -> ask(hostile, version)));
    }
    // On common processors none of these would ever come back.
    for (int i = 0; i < 20; i++) {
      assertThat(callers.submit(() -> ask(sound, 1)).get(60, TimeUnit.SECONDS)).isNotNull();
    }

    for (Future<?> call : stuck) {
      assertThat(call)
          .as(what)
          .failsWithin(Duration.ofMinutes(1))
          .withThrowableOfType(ExecutionException.class)
          .havingCause()
          .isInstanceOf(StuckCallException.class)
          .withMessageContaining("plugin " + hostile.key())
          .withMessageContaining("parameters");
    }
    assertThat(hostile.trouble())
        .contains("calls don't end although they were interrupted: parameters");
    assertThat(hostile.faults()).isPositive();
    assertThat(told).contains(hostile.key()).doesNotContain(sound.key());
    assertThatExceptionOfType(StuckCallException.class)
        .isThrownBy(() -> ask(hostile, 1))
        .withMessage(
            "plugin %s is not asked for parameters: calls don't end although they were"
                + " interrupted: parameters",
            hostile.key());
    assertThat(sound.trouble()).isEmpty();

    System.setProperty(END, "true");
    awaitNothing(hostile);
    assertThat(ask(hostile, 1)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "13, java.lang.StackOverflowError",
    "14, java.lang.OutOfMemoryError: Java heap space",
  })
  void containsWhatACallExhausts(int version, String summary) throws Exception {
    LoadedPlugin hostile = host.load(archive(hostile(), "hostile"));

    assertThatExceptionOfType(PluginFault.class)
        .isThrownBy(() -> ask(hostile, version))
        .withMessage("plugin %s failed in parameters: %s", hostile.key(), summary);
    assertThat(ask(hostile, 1)).isNotNull();
  }

  @Test
  void leavesOutWhatIsLoggedBeyondTheAllowance() throws Exception {
    LoadedPlugin hostile = host.load(archive(hostile(), "hostile"));
    var written = new AtomicLong();
    PrintStream before = System.out;
    System.setOut(PluginOutput.limited(counting(written)));
    try {
      // However slow the console is.
      hostile.within("a flood of log", Duration.ofSeconds(60), () -> ask(hostile, 16));
      assertThat(written.get()).isPositive().isLessThan(2 << 20);
      long sofar = written.get();
      System.out.print("of the host");
      assertThat(written.get() - sofar).isEqualTo("of the host".length());
    } finally {
      System.setOut(before);
    }
    assertThat(hostile.trouble())
        .contains("it logs more than it may, so part of its log is left out");
    assertThat(told).containsExactly(hostile.key());
  }

  @Test
  void givesUpLoadingThatDoesNotEnd() throws Exception {
    System.setProperty(LOAD, "true");
    PluginArchive archive = archive(hostile(), "hostile");

    assertThatExceptionOfType(PluginLoadException.class)
        .isThrownBy(() -> host.load(archive))
        .withMessage("plugin %s: load has not ended within 1 s", archive.key());
    assertThat(host.load(archive(TestPlugins.sample("1.0.0"), "sound")).phase())
        .isEqualTo(PluginPhase.ACTIVE);
  }

  @Test
  void runsWorkOfItsOwnLimitWithoutTheCallsLimit() throws Exception {
    LoadedPlugin hostile = host.load(archive(hostile(), "hostile"));

    assertThatExceptionOfType(StuckCallException.class)
        .isThrownBy(() -> hostile.within("observe", Duration.ofMillis(200), () -> ask(hostile, 15)))
        .withMessage("plugin %s: observe has not ended within 200 ms", hostile.key())
        .satisfies(stuck -> assertThat(stuck.running()).isTrue());
    System.setProperty(END, "true");
    awaitNothing(hostile);
    assertThat(hostile.within("observe", CALL, () -> ask(hostile, 1))).isNotNull();
  }

  private static TestPlugins hostile() {
    return new TestPlugins()
        .properties("hostile", "1.0.0", ">=0.1.0 & <0.2.0")
        .text(TestPlugins.SERVICES, "sample.Hostile\n")
        .classes(Map.of("sample.Hostile", TestPlugins.source("Hostile")));
  }

  private PluginArchive archive(TestPlugins plugin, String name) throws IOException {
    return PluginArchive.read(plugin.writeTo(directory.resolve(name + ".zip")));
  }

  private static Object ask(LoadedPlugin plugin, int version) {
    return plugin.call("parameters", one -> one.parameters(EngineVersion.parse(version + ".0")));
  }

  private void awaitNothing(LoadedPlugin plugin) throws InterruptedException {
    while (plugin.trouble().isPresent()) {
      assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo(plugin.key());
    }
  }

  private static OutputStream counting(AtomicLong written) {
    return new OutputStream() {
      @Override
      public void write(int one) {
        written.incrementAndGet();
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        written.addAndGet(length);
      }
    };
  }
}
