package io.upm.runtime.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.cli.StatusView.UnitRow;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Waits until something is Ready, and tells each change on the way. */
final class ReadyWait {
  /** A watch may break unseen, and topologies have none: look again after this time, in seconds. */
  private static final long LOOK_AGAIN = 2;

  private final KubernetesClient client;
  private final ClusterReader reader;
  private final PrintWriter progress;
  private final Semaphore changes = new Semaphore(0);

  ReadyWait(KubernetesClient client, ClusterReader reader, PrintWriter progress) {
    this.client = client;
    this.reader = reader;
    this.progress = progress;
  }

  /** Returns when it is Ready, or the time has passed. */
  @SuppressWarnings("try") // watches work by being open
  void await(String namespace, String name, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    String told = "";
    try (Watch sets = client.resources(UnitSet.class).inNamespace(namespace).watch(new Signal<>());
        Watch units =
            client
                .resources(Unit.class)
                .inNamespace(namespace)
                .withLabel(Names.LABEL_SET, name)
                .watch(new Signal<>())) {
      while (true) {
        Snapshot snapshot = reader.read(namespace, name);
        if (snapshot.found() && StatusAssembly.assemble(snapshot).subject().ready()) {
          return;
        }
        String now = tell(snapshot, name);
        if (!now.equals(told)) {
          progress.println("waiting: " + now);
          progress.flush();
          told = now;
        }
        if (System.nanoTime() >= end) {
          return;
        }
        awaitChange();
      }
    }
  }

  private void awaitChange() throws InterruptedException {
    if (changes.tryAcquire(LOOK_AGAIN, TimeUnit.SECONDS)) {
      changes.drainPermits();
    }
  }

  private static String tell(Snapshot snapshot, String name) {
    if (!snapshot.found()) {
      return name + " isn't there yet";
    }
    StatusView view = StatusAssembly.assemble(snapshot);
    String units = view.units().stream().map(ReadyWait::tell).collect(Collectors.joining(", "));
    return "%d of %d ready%s"
        .formatted(
            view.subject().readyUnits(),
            view.subject().wantedUnits(),
            units.isEmpty() ? "" : " (" + units + ")");
  }

  private static String tell(UnitRow unit) {
    String state = unit.state().isEmpty() ? "pending" : unit.state();
    return unit.name() + " " + (unit.ready() ? "ready" : state);
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
