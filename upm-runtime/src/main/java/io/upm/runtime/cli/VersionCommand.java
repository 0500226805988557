package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code upm version}, and the version that {@code upm --version} says. */
@Command(
    name = "version",
    description = {"Says the versions of this tool, of the runtime and of the cluster."},
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {ExitCodes.DONE, ExitCodes.WRONG_USE, ExitCodes.REFUSED},
    footerHeading = "%nExample:%n",
    footer = {"  upm version", "  upm version --client"})
final class VersionCommand implements Callable<Integer>, IVersionProvider {
  static final String RUNTIME_LABEL = "app.kubernetes.io/name";
  static final String RUNTIME_NAME = "upm-runtime";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private final Connection connection = new Connection();

  @Option(names = "--client", description = "Only of this tool; asks no cluster.")
  private boolean client;

  @Override
  public String[] getVersion() {
    return new String[] {"upm " + ofThisTool()};
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.println("upm " + ofThisTool());
    out.flush();
    if (client) {
      return ExitCodes.OK;
    }
    try (KubernetesClient cluster = connection.open()) {
      lines(cluster).forEach(out::println);
    }
    out.flush();
    return ExitCodes.OK;
  }

  /** What the cluster says of itself and of the runtime in it. */
  static List<String> lines(KubernetesClient cluster) {
    var lines = new ArrayList<String>();
    for (Deployment runtime : runtimes(cluster)) {
      for (Container container : runtime.getSpec().getTemplate().getSpec().getContainers()) {
        lines.add(
            "runtime %s (%s in %s)"
                .formatted(
                    runtime
                        .getMetadata()
                        .getLabels()
                        .getOrDefault("app.kubernetes.io/version", "of unknown version"),
                    container.getImage(),
                    runtime.getMetadata().getNamespace()));
      }
    }
    if (lines.isEmpty()) {
      lines.add("runtime: none found in this cluster");
    }
    lines.add("Kubernetes " + cluster.getKubernetesVersion().getGitVersion());
    return lines;
  }

  private static List<Deployment> runtimes(KubernetesClient cluster) {
    try {
      return cluster
          .apps()
          .deployments()
          .inAnyNamespace()
          .withLabel(RUNTIME_LABEL, RUNTIME_NAME)
          .list()
          .getItems();
    } catch (KubernetesClientException e) {
      if (e.getCode() == 403) {
        return List.of();
      }
      throw e;
    }
  }

  /** The version that Maven wrote into the jar. */
  static String ofThisTool() {
    var properties = new Properties();
    try (InputStream stream =
        UpmCli.class.getResourceAsStream("/META-INF/maven/io.upm/upm-runtime/pom.properties")) {
      if (stream != null) {
        properties.load(stream);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "(not from a jar)");
  }
}
