package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.PluginPackageSpec.SignaturePolicy;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upm plugin install}. */
@Command(
    name = "install",
    description = "Installs a plugin: it is fetched, checked, tried, and serves then.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      "1:refused, or not done within --timeout",
      ExitCodes.WRONG_USE,
      ExitCodes.REFUSED
    },
    footerHeading = "%nExample:%n",
    footer =
        "  upm plugin install my-engine 1.1.0 --source oci://registry.example.com/upm/my-engine")
final class PluginInstallCommand implements Callable<Integer> {
  @Mixin private final PluginAction action = new PluginAction();

  @Parameters(index = "1", paramLabel = "VERSION", description = "Version that is to serve.")
  @SuppressWarnings("NullAway.Init") // required
  private String version;

  @Option(
      names = "--source",
      required = true,
      paramLabel = "SOURCE",
      description = "oci://…, https://… or file:///…, where {version} stands for the version.")
  @SuppressWarnings("NullAway.Init") // required
  private String source;

  @Option(
      names = "--digest",
      paramLabel = "DIGEST",
      description = "sha256:…, when nothing else is to be taken.")
  private @Nullable String digest;

  @Option(
      names = "--signature-policy",
      paramLabel = "POLICY",
      description = "Required, IfPresent or None; the runtime's own when that is stricter.")
  private @Nullable String signatures;

  @Option(
      names = "--pull-secret",
      paramLabel = "SECRET",
      description = "Secret in the runtime's namespace with what the source asks for.")
  private @Nullable String pullSecret;

  @Option(
      names = "--image",
      paramLabel = "VERSION=IMAGE",
      description =
          "Image of an engine's version or series, instead of the plugin's; may be given"
              + " several times.")
  private Map<String, String> images = Map.of();

  @Override
  public Integer call() {
    return action.want(this::make);
  }

  private Plugin make(KubernetesClient client, Installation installation) {
    String id = action.id();
    if (installation.exists()) {
      throw new CliException(
          ExitCodes.USAGE,
          "plugin %s is installed already; to have another version: upm plugin upgrade %s %s"
              .formatted(id, id, version));
    }
    var plugin = new Plugin();
    plugin.setMetadata(new ObjectMetaBuilder().withName(id).build());
    plugin.setSpec(
        new PluginPackageSpec(source, version, digest, policy(), pullSecret, images, null));
    return client.resource(plugin).create();
  }

  private @Nullable SignaturePolicy policy() {
    if (signatures == null) {
      return null;
    }
    return switch (signatures) {
      case "Required" -> SignaturePolicy.REQUIRED;
      case "IfPresent" -> SignaturePolicy.IF_PRESENT;
      case "None" -> SignaturePolicy.NONE;
      default ->
          throw new CliException(
              ExitCodes.USAGE,
              "--signature-policy: \"%s\" is not Required, IfPresent or None"
                  .formatted(signatures));
    };
  }
}
