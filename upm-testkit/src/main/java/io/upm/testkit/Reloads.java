package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.host.plugin.Containment;
import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginHost;
import io.upm.spi.EnginePlugin;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * A packaged plugin, loaded as the runtime does, used, and unloaded, over and over: nothing of it
 * may stay. Forty times, or as the system property {@value #ROUNDS} says.
 */
public final class Reloads {
  /** System property with the number of rounds; a certificate takes 1,000. */
  public static final String ROUNDS = "upm.reloads";

  private static final int USUAL = 40;
  private static final int LOOKS = 10;

  /** Rounds that also load what is loaded once. */
  private static final int FIRST = 12;

  private static final long MOST_METASPACE_KIB = 10 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Reloads() {}

  /** What of the virtual machine a leak would fill. */
  record Footprint(int threads, long classes, long metaspaceKiB) {
    static Footprint now() {
      return new Footprint(
          ManagementFactory.getThreadMXBean().getThreadCount(),
          ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
          ManagementFactory.getMemoryPoolMXBeans().stream()
                  .filter(pool -> pool.getName().equals("Metaspace"))
                  .map(MemoryPoolMXBean::getUsage)
                  .mapToLong(MemoryUsage::getUsed)
                  .sum()
              >> 10);
    }
  }

  /**
   * Asserts it, and prints what was seen on the way.
   *
   * @param work an empty directory
   * @param use what is done with the plugin each time, on a virtual thread
   */
  public static void leaveNothing(PluginArchive archive, Path work, Consumer<LoadedPlugin> use)
      throws InterruptedException {
    int rounds = Integer.getInteger(ROUNDS, USUAL);
    if (rounds < 2 * FIRST) {
      throw new IllegalArgumentException(
          "%s is %d; less than %d rounds show nothing".formatted(ROUNDS, rounds, 2 * FIRST));
    }
    int step = rounds / LOOKS;
    var after = new ArrayList<Footprint>();
    try (var host =
        new PluginHost(work, EnginePlugin.SPI_VERSION, Optional.of(Containment.SHARED))) {
      for (int round = 1; round <= rounds; round++) {
        LoadedPlugin plugin = host.load(archive);
        inVirtualThread(() -> use.accept(plugin));
        assertThat(plugin.drain(PATIENCE)).as("calls have ended").isTrue();
        plugin.unload();
        assertThat(plugin.reclaimed(PATIENCE)).as("loader of round %d", round).isTrue();
        if (round % step == 0) {
          after.add(Footprint.now());
        }
      }
    }
    System.out.printf("%s after each %d of %d rounds: %s%n", archive.key(), step, rounds, after);
    Footprint first = after.get(Math.ceilDiv(FIRST, step) - 1);
    check(first, after.getLast(), rounds);
  }

  private static void check(Footprint first, Footprint last, int rounds) {
    assertThat(last.threads()).as("threads").isLessThanOrEqualTo(first.threads() + 2);
    assertThat(last.metaspaceKiB() - first.metaspaceKiB())
        .as("growth of the metaspace in KiB")
        .isLessThan(MOST_METASPACE_KIB);
    // What the virtual machine itself generates for reflection and lambdas, and bounds.
    assertThat(last.classes()).as("classes").isLessThan(first.classes() + 3L * rounds);
  }

  private static void inVirtualThread(Runnable task) throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.submit(task).get();
    } catch (ExecutionException e) {
      throw new AssertionError("the plugin could not be used", e.getCause());
    }
  }
}
