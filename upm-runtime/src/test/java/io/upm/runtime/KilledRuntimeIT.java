package io.upm.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.testing.Mortality;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runtime is killed in the middle of its writes, again and again, while a set is made, rolled,
 * scaled and deleted. A life follows from its seed; {@code -Dupm.faults.seed=N} lives that one
 * alone.
 */
@Timeout(1800)
@Tag("side-by-side")
class KilledRuntimeIT {
  private static final Logger LOG = LoggerFactory.getLogger(KilledRuntimeIT.class);

  /** By default one life for each lane, with some forty deaths in all. */
  private static final int KILLS = Integer.getInteger("upm.faults.kills", 30);

  private static final int SIDE_BY_SIDE = 3;

  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicLong seeds = new AtomicLong(20_261_121);

  @Test
  void leavesNothingBrokenWhereverItIsKilled() throws Exception {
    Long one = Long.getLong("upm.faults.seed");
    if (one != null) {
      live(one);
      return;
    }
    try (var lanes = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> lane =
          () -> {
            while (kills.get() < KILLS) {
              live(seeds.getAndIncrement());
            }
            return kills.get();
          };
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < SIDE_BY_SIDE; i++) {
        running.add(lanes.submit(lane));
      }
      for (Future<Integer> each : running) {
        assertThat(each.get()).isGreaterThanOrEqualTo(KILLS);
      }
    }
    LOG.info("the runtime was killed {} times", kills);
  }

  /** From creation to deletion. */
  private void live(long seed) {
    var random = new Random(seed);
    int before = kills.get();
    try (var scene = new FaultScene()) {
      String services = random.nextBoolean() ? "spec/externalService={}" : "spec/unitService={}";
      int units = 1 + random.nextInt(3);
      change(scene, random, () -> apply(scene, services, units, "1.2.3"));
      scene.awaitWhole(units, "1.2.3");
      int more = units + 1 + random.nextInt(2);
      change(scene, random, () -> apply(scene, services, more, "1.2.3"));
      scene.awaitWhole(more, "1.2.3");
      change(scene, random, () -> apply(scene, services, more, "1.2.4"));
      scene.awaitWhole(more, "1.2.4");
      change(scene, random, () -> apply(scene, services, units, "1.2.5"));
      scene.awaitWhole(units, "1.2.5");
      change(scene, random, () -> delete(scene));
      scene.awaitGone();
      LOG.info("seed {}: killed {} times with the others", seed, kills.get() - before);
    } catch (Exception | AssertionError e) {
      throw new AssertionError("live it again with -Dupm.faults.seed=" + seed, e);
    }
  }

  private static void apply(FaultScene scene, String services, int units, String version) {
    scene
        .cluster()
        .apply("db", services, "spec/units=" + units, "spec/version='%s'".formatted(version));
  }

  private static void delete(FaultScene scene) {
    scene.cluster().set("db").delete();
  }

  /** Some short lives, and one that lasts. */
  private void change(FaultScene scene, Random random, Runnable edit) throws InterruptedException {
    boolean running = scene.isRunning();
    if (running) {
      scene.bury();
    }
    edit.run();
    int deaths = 3 + random.nextInt(3);
    for (int i = 0; i < deaths; i++) {
      var mortality = new Mortality(1 + random.nextInt(9), random.nextBoolean());
      scene.start(mortality);
      if (mortality.awaitDeath(FaultScene.NOTHING_LEFT_TO_DO)) {
        kills.incrementAndGet();
      }
      scene.bury();
    }
    scene.start();
  }
}
