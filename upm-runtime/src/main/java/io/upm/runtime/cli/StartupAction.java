package io.upm.runtime.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code upm stop} and {@code upm start} have in common. */
final class StartupAction {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private final Connection connection = new Connection();
  @Mixin private final WaitOptions waiting = new WaitOptions();

  @Parameters(paramLabel = "NAME", description = "Name of the UnitSet or Unit.")
  @SuppressWarnings("NullAway.Init") // required
  private String name;

  /** Stops replicas first and one after the other; starts the one that took writes first. */
  int set(boolean running) throws InterruptedException {
    try (KubernetesClient client = connection.open()) {
      Target target = new TargetReader(client, connection.namespace(client)).find(name);
      var order = new ArrayList<String>();
      target.replicasFirst().forEach(unit -> order.add(unit.getMetadata().getName()));
      if (running) {
        Collections.reverse(order);
      }
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "%s %s: %s%n",
          running ? "starting" : "stopping", target.about(), String.join(", ", order));
      out.flush();
      // All at once when they start: none of them waits for another to be ready.
      List<List<String>> rounds =
          running || !waiting.waits() ? List.of(order) : order.stream().map(List::of).toList();
      for (List<String> round : rounds) {
        if (!change(client, target, round, running)) {
          return ExitCodes.TROUBLE;
        }
      }
      return ExitCodes.OK;
    }
  }

  private boolean change(
      KubernetesClient client, Target target, List<String> units, boolean running)
      throws InterruptedException {
    var patches = new Patches(client, target.namespace());
    units.forEach(unit -> patches.startup(unit, running));
    if (!waiting.waits()) {
      return true;
    }
    var reader = new TargetReader(client, target.namespace());
    PrintWriter err = spec.commandLine().getErr();
    try (var changes = new ChangeSignal(client, target.namespace())) {
      var look =
          new Patience(changes::await, err)
              .until(waiting.timeout(), () -> Startup.look(reader.again(target), units, running));
      if (!look.done()) {
        err.printf(
            "upm: not done within %s (%s); it goes on by itself: upm status %s%n",
            Spans.of(waiting.timeout()), look.told(), target.name());
        err.flush();
      }
      return look.done();
    }
  }
}
