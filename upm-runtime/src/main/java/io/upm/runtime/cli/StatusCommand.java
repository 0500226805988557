package io.upm.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.upm.runtime.cli.StatusText.Options;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code upm status}. */
@Command(
    name = "status",
    description = {
      "Shows a UnitSet or a topology on one screen: units, Services, and what is not as it should"
          + " be, with what to do about it."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      "0:all is as it should be",
      "1:something is not",
      ExitCodes.WRONG_USE,
      "3:there is no such UnitSet or topology",
      ExitCodes.REFUSED
    },
    footerHeading = "%nExample:%n",
    footer = {"  upm status demo", "  upm status demo --namespace shop --wait 5m"})
final class StatusCommand implements Callable<Integer> {
  /** How the status is written. */
  enum Format {
    TEXT,
    WIDE,
    JSON,
    YAML
  }

  private static final JsonMapper JSON = new JsonMapper();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "Name of the UnitSet or topology.")
  @SuppressWarnings("NullAway.Init") // required
  private String name;

  @Mixin private final Connection connection = new Connection();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text, wide (nothing shortened), json or yaml; text when not given.")
  private Format output = Format.TEXT;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description =
          "Waits until it is Ready, at most this long (such as 90s or 5m), and tells how it goes.")
  private @Nullable Duration patience;

  @Override
  public Integer call() throws InterruptedException {
    try (KubernetesClient client = connection.open()) {
      String where = connection.namespace(client);
      var reader = new ClusterReader(client);
      Snapshot snapshot =
          patience == null
              ? reader.read(where, name)
              : new ReadyWait(client, reader, spec.commandLine().getErr())
                  .await(where, name, patience);
      if (!snapshot.found()) {
        throw CliException.notFound("UnitSet or topology", name, where);
      }
      StatusView view = StatusAssembly.assemble(snapshot);
      print(view);
      return view.healthy() ? ExitCodes.OK : ExitCodes.TROUBLE;
    }
  }

  private void print(StatusView view) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        switch (output) {
          case JSON -> json(view);
          case YAML -> Serialization.asYaml(view);
          case TEXT, WIDE ->
              StatusText.draw(
                  view, new Options(output == Format.WIDE, Style.here(), Instant.now()));
        });
    out.flush();
  }

  /** For people, too: one field a line. */
  static String json(Object view) {
    try {
      return JSON.readTree(Serialization.asJson(view)).toPrettyString() + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a status can always be written", e);
    }
  }
}
