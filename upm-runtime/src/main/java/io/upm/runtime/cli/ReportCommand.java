package io.upm.runtime.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.api.Unit;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code upm report}. */
@Command(
    name = "report",
    description = {
      "Writes a zip for whoever is to help: objects, events, status, logs and metrics of units and"
          + " of the runtime, versions. Passwords are taken out: of Secrets only names and keys are"
          + " in it, and their values nowhere. Look through it before you give it away."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      "1:the file can't be written",
      ExitCodes.WRONG_USE,
      ExitCodes.REFUSED
    },
    footerHeading = "%nExample:%n",
    footer = {"  upm report", "  upm report --all-namespaces --file /tmp/upm.zip"})
final class ReportCommand implements Callable<Integer> {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private final Connection connection = new Connection();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Of all namespaces with Units in them.")
  private boolean everywhere;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Where to; upm-report-<time>.zip when not given. It must not exist.")
  private @Nullable Path file;

  @Option(
      names = "--tail",
      paramLabel = "LINES",
      defaultValue = "5000",
      description = "Lines of each log; 5000 when not given.")
  private int tail;

  @Override
  public Integer call() {
    Path path = file == null ? Path.of("upm-report-" + STAMP.format(Instant.now()) + ".zip") : file;
    try (KubernetesClient client = connection.open()) {
      List<String> namespaces = namespaces(client);
      var collector = new ReportCollector(client, tail);
      var redaction = new Redaction(collector.secretValues(withRuntimes(client, namespaces)));
      try (var zip = new ReportZip(path, redaction)) {
        collector.cluster(zip);
        collector.runtime(zip);
        for (String namespace : namespaces) {
          collector.namespace(zip, namespace);
        }
        zip.put("left-out.txt", String.join("\n", collector.refused()) + "\n");
      }
      tell(path, collector.refused());
      return ExitCodes.OK;
    } catch (FileAlreadyExistsException e) {
      throw new CliException(
          ExitCodes.TROUBLE, "%s exists already: name another with --file".formatted(path));
    } catch (IOException e) {
      throw new CliException(
          ExitCodes.TROUBLE, "%s can't be written: %s".formatted(path, e.getMessage()));
    }
  }

  private List<String> namespaces(KubernetesClient client) {
    if (!everywhere) {
      return List.of(connection.namespace(client));
    }
    return client.resources(Unit.class).inAnyNamespace().list().getItems().stream()
        .map(unit -> unit.getMetadata().getNamespace())
        .distinct()
        .sorted()
        .toList();
  }

  /** What the runtime knows may stand in its log. */
  private static List<String> withRuntimes(KubernetesClient client, List<String> namespaces) {
    var all = new ArrayList<String>(namespaces);
    client
        .pods()
        .inAnyNamespace()
        .withLabel(VersionCommand.RUNTIME_LABEL, VersionCommand.RUNTIME_NAME)
        .list()
        .getItems()
        .forEach(pod -> all.add(pod.getMetadata().getNamespace()));
    return all.stream().distinct().toList();
  }

  private void tell(Path path, List<String> refused) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("written: " + path.toAbsolutePath());
    out.flush();
    if (!refused.isEmpty()) {
      PrintWriter err = spec.commandLine().getErr();
      err.printf("left out, as left-out.txt in it says: %d things%n", refused.size());
      err.flush();
    }
  }
}
