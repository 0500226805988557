package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that every command has: which cluster, and which namespace in it. */
final class Connection {
  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Namespace; when not given, that of the kubeconfig's context.")
  private @Nullable String namespace;

  @Option(
      names = "--context",
      paramLabel = "CONTEXT",
      description = "Context of the kubeconfig; when not given, its current one.")
  private @Nullable String context;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Kubeconfig; when not given, that of the variable KUBECONFIG, else ~/.kube/config.")
  private @Nullable Path kubeconfig;

  /**
   * Opens the way to the cluster. Somebody waits at the other end: no long retries.
   *
   * @throws CliException when there is no such file or context
   */
  KubernetesClient open() {
    var config =
        new ConfigBuilder(config())
            .withConnectionTimeout(5_000)
            .withRequestTimeout(10_000)
            .withRequestRetryBackoffLimit(1)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** The namespace that is meant. */
  String namespace(KubernetesClient client) {
    if (namespace != null) {
      return namespace;
    }
    return Optional.ofNullable(client.getConfiguration().getNamespace()).orElse("default");
  }

  private Config config() {
    if (kubeconfig == null) {
      return known(Config.autoConfigure(context));
    }
    if (!Files.isReadable(kubeconfig)) {
      throw new CliException(
          ExitCodes.USAGE, "--kubeconfig: there is no file %s to read".formatted(kubeconfig));
    }
    return known(Config.fromKubeconfig(context, kubeconfig.toFile()));
  }

  /** A context that isn't there must not lead to another cluster. */
  private Config known(Config config) {
    if (context == null) {
      return config;
    }
    List<String> contexts = config.getContexts().stream().map(NamedContext::getName).toList();
    if (!contexts.contains(context)) {
      throw new CliException(
          ExitCodes.USAGE,
          "--context: the kubeconfig has no context \"%s\"; it has: %s"
              .formatted(context, contexts.isEmpty() ? "none" : String.join(", ", contexts)));
    }
    return config;
  }
}
