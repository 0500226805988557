package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code upm restart}. */
@Command(
    name = "restart",
    description = {
      "Replaces the Pods of a UnitSet one after the other, those that take no writes first, as"
          + " updateStrategy says; or the Pod of one unit. Volumes stay."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      "1:not done within --timeout, or it would do harm; nothing was begun then",
      ExitCodes.WRONG_USE,
      ExitCodes.NOTHING_FOUND,
      ExitCodes.REFUSED
    },
    footerHeading = "%nExample:%n",
    footer = {"  upm restart demo", "  upm restart unit/demo-1 --timeout 2m"})
final class RestartCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private final Connection connection = new Connection();
  @Mixin private final WaitOptions waiting = new WaitOptions();

  @Parameters(paramLabel = "NAME", description = "Name of the UnitSet or Unit.")
  @SuppressWarnings("NullAway.Init") // required
  private String name;

  @Option(names = "--force", description = "Restarts a unit though others of its set are away.")
  private boolean force;

  @Override
  public Integer call() throws InterruptedException {
    try (KubernetesClient client = connection.open()) {
      String namespace = connection.namespace(client);
      var reader = new TargetReader(client, namespace);
      Target target = reader.find(name);
      Restart restart = Restart.of(target, force);
      tellOrder(target, restart);
      begin(client, target);
      if (!waiting.waits()) {
        return ExitCodes.OK;
      }
      PrintWriter progress = spec.commandLine().getErr();
      try (var changes = new ChangeSignal(client, namespace)) {
        var look =
            new Patience(changes::await, progress)
                .until(waiting.timeout(), () -> restart.look(reader.again(target)));
        return look.done() ? ExitCodes.OK : late(target);
      }
    }
  }

  private void tellOrder(Target target, Restart restart) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("restarting %s: %s%n", target.about(), String.join(", then ", restart.units()));
    target.replicasFirst().stream()
        .filter(unit -> !target.whole() && target.takesWrites(unit))
        .forEach(unit -> out.printf("%s takes the writes: they wait until it is back%n", name));
    out.flush();
  }

  private static void begin(KubernetesClient client, Target target) {
    var patches = new Patches(client, target.namespace());
    if (target.whole()) {
      patches.restartSet(target.name(), Instant.now());
    } else if (Restart.needsDeletion(target)) {
      target.pod(target.replicasFirst().getFirst()).ifPresent(pod -> delete(client, pod));
    } else {
      patches.restartUnit(target.name(), Instant.now());
    }
  }

  /** Only the very Pod that was seen. */
  private static void delete(KubernetesClient client, Pod pod) {
    client.resource(pod).lockResourceVersion().delete();
  }

  private int late(Target target) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "upm: not done within %s; it goes on by itself. What it waits for: upm status %s%n",
        Spans.of(waiting.timeout()),
        target.set().map(set -> set.getMetadata().getName()).orElse(target.name()));
    err.flush();
    return ExitCodes.TROUBLE;
  }
}
