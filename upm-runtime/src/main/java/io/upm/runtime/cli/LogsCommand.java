package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.BytesLimitTerminateTimeTailPrettyLoggable;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.Loggable;
import io.fabric8.kubernetes.client.dsl.TimeTailPrettyLoggable;
import io.upm.runtime.api.Unit;
import io.upm.runtime.unit.EngineContainer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code upm logs}. */
@Command(
    name = "logs",
    description = {"Shows what the engine of a unit and its agent say."},
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      "1:the unit has no Pod, or no earlier log",
      ExitCodes.WRONG_USE,
      ExitCodes.NOTHING_FOUND,
      ExitCodes.REFUSED
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  upm logs demo-0 --tail 50",
      "  upm logs demo-0 --of agent --since 10m --follow",
      "  upm logs demo-0 --of slow -f",
      "  upm logs demo-0 --previous"
    })
final class LogsCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private final Connection connection = new Connection();

  @Parameters(paramLabel = "UNIT", description = "Name of the Unit.")
  @SuppressWarnings("NullAway.Init") // required
  private String name;

  @Option(
      names = "--of",
      paramLabel = "WHOM",
      description =
          "engine, agent, a log file of the engine's such as slow, or all, which is so when not"
              + " given.")
  private String whom = LogLine.ALL;

  @Option(
      names = {"-f", "--follow"},
      description = "Goes on with what is said, until it is interrupted.")
  private boolean follow;

  @Option(
      names = "--tail",
      paramLabel = "LINES",
      description = "Only the last lines, counted before --of picks; all when not given.")
  private @Nullable Integer tail;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description = "Only what is younger, such as 90s, 5m or 1h.")
  private @Nullable Duration since;

  @Option(
      names = {"-p", "--previous"},
      description = "Of the container before its last restart.")
  private boolean previous;

  @Override
  public Integer call() {
    if (follow && previous) {
      throw new CliException(ExitCodes.USAGE, "--follow and --previous exclude each other");
    }
    if (!whom.matches("[a-z][a-z0-9_-]*")) {
      throw new CliException(
          ExitCodes.USAGE,
          "--of: '%s' is neither engine, agent, all nor a log file's name".formatted(whom));
    }
    if (tail != null && tail < 0) {
      throw new CliException(
          ExitCodes.USAGE, "--tail: %d is no number of lines: 0 or more".formatted(tail));
    }
    try (KubernetesClient client = connection.open()) {
      String namespace = connection.namespace(client);
      Target target = new TargetReader(client, namespace).find("unit/" + name);
      Unit unit = target.replicasFirst().getFirst();
      Pod pod = target.pod(unit).orElseThrow(() -> noPod());
      String container =
          EngineContainer.of(unit)
              .map(EngineContainer::type)
              .orElseGet(() -> pod.getSpec().getContainers().getFirst().getName());
      requireStarted(pod, container);
      print(client.pods().inNamespace(namespace).withName(name).inContainer(container));
      return ExitCodes.OK;
    }
  }

  private CliException noPod() {
    return new CliException(
        ExitCodes.TROUBLE, "%s has no Pod; why: upm status unit/%s".formatted(name, name));
  }

  private void requireStarted(Pod pod, String container) {
    var statuses =
        pod.getStatus() == null
            ? java.util.List.<io.fabric8.kubernetes.api.model.ContainerStatus>of()
            : pod.getStatus().getContainerStatuses();
    var status = statuses.stream().filter(one -> one.getName().equals(container)).findFirst();
    boolean waiting =
        status.isEmpty()
            || (status.get().getState().getWaiting() != null
                && status.get().getRestartCount() == 0);
    if (waiting && !previous) {
      throw new CliException(
          ExitCodes.TROUBLE,
          "the container \"%s\" of %s hasn't started yet; why: kubectl -n %s describe pod %s"
              .formatted(container, name, pod.getMetadata().getNamespace(), name));
    }
    if (previous && status.map(one -> one.getRestartCount() == 0).orElse(true)) {
      throw new CliException(
          ExitCodes.TROUBLE,
          "the container \"%s\" of %s was never restarted: there is no earlier log"
              .formatted(container, name));
    }
  }

  private void print(BytesLimitTerminateTimeTailPrettyLoggable log) {
    TimeTailPrettyLoggable whole = previous ? log.terminated() : log;
    var young = since == null ? whole : whole.sinceSeconds((int) Math.max(1, since.toSeconds()));
    Loggable shown = tail == null ? young : young.tailingLines(tail);
    try {
      if (follow) {
        try (LogWatch watch = shown.watchLog();
            InputStream lines = watch.getOutput()) {
          copy(new InputStreamReader(lines, StandardCharsets.UTF_8));
        }
      } else {
        try (Reader lines = shown.getLogReader()) {
          if (copy(lines) == 0 && !whom.equals(LogLine.ALL)) {
            spec.commandLine().getErr().println("upm: no line of '%s' is there".formatted(whom));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the log ended early", e);
    }
  }

  private long copy(Reader reader) throws IOException {
    long copied = 0;
    PrintWriter out = spec.commandLine().getOut();
    var lines = new BufferedReader(reader);
    Predicate<LogLine> shown = LogLine.filter(whom);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      LogLine read = LogLine.of(line);
      if (shown.test(read)) {
        out.println(read.text());
        out.flush();
        copied++;
      }
    }
    return copied;
  }
}
