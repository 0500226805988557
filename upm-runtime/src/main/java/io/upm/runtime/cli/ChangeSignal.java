package io.upm.runtime.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Tells when a Unit or UnitSet of a namespace changed. */
final class ChangeSignal implements AutoCloseable {
  /** A watch may break unseen, and topologies have none: look again after this time, in seconds. */
  private static final long LOOK_AGAIN = 2;

  private final Semaphore changes = new Semaphore(0);
  private final Watch sets;
  private final Watch units;

  ChangeSignal(KubernetesClient client, String namespace) {
    sets = client.resources(UnitSet.class).inNamespace(namespace).watch(new Signal<>());
    units = client.resources(Unit.class).inNamespace(namespace).watch(new Signal<>());
  }

  /** Returns at the next change, or when it is time to look again anyway. */
  void await() throws InterruptedException {
    if (changes.tryAcquire(LOOK_AGAIN, TimeUnit.SECONDS)) {
      changes.drainPermits();
    }
  }

  @Override
  public void close() {
    sets.close();
    units.close();
  }

  private final class Signal<T> implements Watcher<T> {
    @Override
    public void eventReceived(Action action, T object) {
      changes.release();
    }

    @Override
    public void onClose(WatcherException cause) {
      changes.release();
    }
  }
}
