package io.upm.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.upm.runtime.cli.StatusText.Options;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is as it should be",
      "1:something is not",
      "2:wrong usage",
      "3:there is no such UnitSet or topology",
      "4:the cluster can't be reached, or refuses"
    })
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

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Its namespace; when not given, that of the kubeconfig's context.")
  private @Nullable String namespace;

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
    try (KubernetesClient client = open()) {
      String where = namespace == null ? defaultNamespace(client) : namespace;
      var reader = new ClusterReader(client);
      if (patience != null) {
        new ReadyWait(client, reader, spec.commandLine().getErr()).await(where, name, patience);
      }
      Snapshot snapshot = reader.read(where, name);
      if (!snapshot.found()) {
        return notFound(where);
      }
      StatusView view = StatusAssembly.assemble(snapshot);
      print(view);
      return view.healthy() ? UpmCli.OK : UpmCli.TROUBLE;
    }
  }

  /** Somebody waits at the other end: no long retries. */
  private static KubernetesClient open() {
    var config =
        new ConfigBuilder()
            .withConnectionTimeout(5_000)
            .withRequestTimeout(10_000)
            .withRequestRetryBackoffLimit(1)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static String defaultNamespace(KubernetesClient client) {
    return Optional.ofNullable(client.getConfiguration().getNamespace()).orElse("default");
  }

  private int notFound(String where) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf("upm: there is no UnitSet or topology \"%s\" in namespace \"%s\"%n", name, where);
    err.flush();
    return UpmCli.NOT_FOUND;
  }

  private void print(StatusView view) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        switch (output) {
          case JSON -> json(view);
          case YAML -> Serialization.asYaml(view);
          case TEXT, WIDE ->
              StatusText.draw(view, new Options(output == Format.WIDE, style(), Instant.now()));
        });
    out.flush();
  }

  /** For people, too: one field a line. */
  static String json(StatusView view) {
    try {
      return JSON.readTree(Serialization.asJson(view)).toPrettyString() + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a status can always be written", e);
    }
  }

  private static Style style() {
    var console = System.console();
    return Style.of(
        console != null && console.isTerminal(), System.getenv().containsKey("NO_COLOR"));
  }
}
