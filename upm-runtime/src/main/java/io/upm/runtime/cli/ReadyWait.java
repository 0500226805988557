package io.upm.runtime.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.cli.StatusView.UnitRow;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Waits until all is as it should be, and tells each change on the way. */
final class ReadyWait {
  private final KubernetesClient client;
  private final ClusterReader reader;
  private final PrintWriter progress;

  ReadyWait(KubernetesClient client, ClusterReader reader, PrintWriter progress) {
    this.client = client;
    this.reader = reader;
    this.progress = progress;
  }

  /**
   * Waits until it is well, or the time has passed.
   *
   * @return what was seen last: the very look that found it well, so that what stirs a moment later
   *     doesn't count
   */
  Snapshot await(String namespace, String name, Duration limit) throws InterruptedException {
    try (var changes = new ChangeSignal(client, namespace)) {
      return await(
          new Patience(changes::await, progress), limit, name, () -> reader.read(namespace, name));
    }
  }

  static Snapshot await(
      Patience patience, Duration limit, String name, Supplier<Snapshot> snapshots)
      throws InterruptedException {
    return patience
        .until(
            limit,
            () -> {
              Snapshot snapshot = snapshots.get();
              boolean well = snapshot.found() && StatusAssembly.assemble(snapshot).healthy();
              return new Patience.Look<>(snapshot, well, well ? "" : tell(snapshot, name));
            })
        .found();
  }

  private static String tell(Snapshot snapshot, String name) {
    if (!snapshot.found()) {
      return name + " isn't there yet";
    }
    StatusView view = StatusAssembly.assemble(snapshot);
    String units = view.units().stream().map(ReadyWait::tell).collect(Collectors.joining(", "));
    boolean all = view.subject().readyUnits() == view.subject().wantedUnits();
    String concern =
        all && !view.concerns().isEmpty()
            ? "; %s: %s"
                .formatted(view.concerns().getFirst().about(), view.concerns().getFirst().message())
            : "";
    return "%d of %d ready%s%s"
        .formatted(
            view.subject().readyUnits(),
            view.subject().wantedUnits(),
            units.isEmpty() ? "" : " (" + units + ")",
            concern);
  }

  private static String tell(UnitRow unit) {
    String state = unit.state().isEmpty() ? "pending" : unit.state();
    return unit.name() + " " + (unit.ready() ? "ready" : state);
  }
}
