package io.upm.runtime.toy;

import io.upm.spi.EnginePlugin;
import io.upm.spi.config.ConfigRenderer;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Port;
import io.upm.spi.engine.Volume;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/**
 * An engine that does what a plugin must not, once it serves: the version that it is asked about
 * says what. Goes on until the property {@value #END} is set.
 */
public final class RoguePlugin implements EnginePlugin {
  public static final String END = "upm.test.rogue.end";

  @Override
  public EngineDescriptor descriptor() {
    return EngineDescriptor.of("rogue", "Rogue")
        .series(EngineSeries.of("all", "1.0", "100.0", "rogue:{version}"))
        .port(new Port("rogue", 4000, true))
        .volume(new Volume("data", Volume.Purpose.DATA, true))
        .build();
  }

  @Override
  public ParameterCatalog parameters(EngineVersion version) {
    switch (version.at(0)) {
      case 11 -> loop();
      case 12 -> deadlock();
      case 13 -> deeper(0);
      case 14 -> LoggerFactory.getLogger(RoguePlugin.class).info("{}", memory().length);
      case 15 -> ignoreInterrupts();
      case 16 -> shout();
      default -> {}
    }
    return ParameterCatalog.of(List.of());
  }

  private static boolean goesOn() {
    return System.getProperty(END, "").isEmpty();
  }

  private static void loop() {
    while (goesOn()) {
      Thread.onSpinWait();
    }
  }

  /** Two threads, two locks. */
  private static void deadlock() {
    var one = new Object();
    var other = new Object();
    var held = new CountDownLatch(2);
    Thread.ofVirtual().start(() -> both(other, one, held));
    both(one, other, held);
  }

  private static void both(Object first, Object second, CountDownLatch held) {
    synchronized (first) {
      held.countDown();
      while (held.getCount() > 0) {
        Thread.yield();
      }
      synchronized (second) {
        LoggerFactory.getLogger(RoguePlugin.class).info("never");
      }
    }
  }

  private static int deeper(int depth) {
    return depth < 0 ? 0 : deeper(depth + 1) + 1;
  }

  private static long[] memory() {
    return new long[Integer.MAX_VALUE - 8];
  }

  private static void ignoreInterrupts() {
    while (goesOn()) {
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        LoggerFactory.getLogger(RoguePlugin.class).debug("who cares");
      }
    }
  }

  private static void shout() {
    var log = LoggerFactory.getLogger(RoguePlugin.class);
    String line = "x".repeat(1 << 20);
    for (int count = 0; count < 60; count++) {
      log.info(line);
    }
  }

  @Override
  public ConfigRenderer config() {
    return new ToyPlugin().config();
  }

  @Override
  public EngineLifecycle lifecycle(AgentContext context) {
    return new ToyPlugin().lifecycle(context);
  }
}
