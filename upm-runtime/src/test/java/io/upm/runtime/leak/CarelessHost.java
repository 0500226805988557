package io.upm.runtime.leak;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * Public, as one package under two loaders is two. What a plugin in the tests can reach of its
 * host.
 */
public final class CarelessHost {
  public static final List<Object> LISTENERS = new CopyOnWriteArrayList<>();
  private static volatile CountDownLatch end = new CountDownLatch(1);

  private CarelessHost() {}

  public static CountDownLatch end() {
    return end;
  }

  public static void endThreads() {
    end.countDown();
    end = new CountDownLatch(1);
  }
}
