package io.upm.runtime;

import io.upm.runtime.unit.AgentImage;
import java.nio.file.Path;
import java.util.Map;

/**
 * Settings of the runtime's process, from its environment.
 *
 * @param namespace its own namespace
 * @param instance name of this process, unique among its replicas
 * @param agentImage where agents come from
 * @param pluginDirectory holds the plugins' zips
 * @param workDirectory may be written
 * @param pluginCache may be written; zips of installed plugins are kept there
 * @param pluginSettings JSON file about installed plugins; need not exist
 * @param imageOverrides JSON file with images in place of the plugins' own; need not exist
 * @param metricsPort plain HTTP with metrics and health
 * @param webhookPort HTTPS with the admission webhook
 */
public record RuntimeConfig(
    String namespace,
    String instance,
    AgentImage agentImage,
    Path pluginDirectory,
    Path workDirectory,
    Path pluginCache,
    Path pluginSettings,
    Path imageOverrides,
    int metricsPort,
    int webhookPort) {

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException naming the variable that is missing or wrong
   */
  public static RuntimeConfig from(Map<String, String> environment) {
    return new RuntimeConfig(
        environment.getOrDefault("POD_NAMESPACE", "upm-system"),
        environment.getOrDefault("POD_NAME", environment.getOrDefault("HOSTNAME", "upm-runtime")),
        new AgentImage(required(environment, "UPM_AGENT_IMAGE"), agentsInPlace(environment)),
        Path.of(environment.getOrDefault("UPM_PLUGIN_DIRECTORY", "/opt/upm/plugins")),
        Path.of(environment.getOrDefault("UPM_WORK_DIRECTORY", "/tmp/upm")),
        Path.of(environment.getOrDefault("UPM_PLUGIN_CACHE", "/tmp/upm-plugin-cache")),
        Path.of(environment.getOrDefault("UPM_PLUGIN_SETTINGS", "/etc/upm/plugins.json")),
        Path.of(environment.getOrDefault("UPM_IMAGE_OVERRIDES", "/etc/upm/image-overrides.json")),
        port(environment, "UPM_METRICS_PORT", 8080),
        port(environment, "UPM_WEBHOOK_PORT", 8443));
  }

  private static boolean agentsInPlace(Map<String, String> environment) {
    String value = environment.getOrDefault("UPM_AGENT_CHANGES", "InPlace");
    return switch (value) {
      case "InPlace" -> true;
      case "WithPod" -> false;
      default ->
          throw new IllegalArgumentException(
              "the environment variable UPM_AGENT_CHANGES holds \"%s\", which is neither InPlace nor"
                      .formatted(value)
                  + " WithPod");
    };
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new IllegalArgumentException("the environment variable " + name + " is not set");
    }
    return value;
  }

  private static int port(Map<String, String> environment, String name, int otherwise) {
    String value = environment.getOrDefault(name, Integer.toString(otherwise));
    if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65535) {
      throw new IllegalArgumentException(
          "the environment variable %s holds \"%s\", which is no port".formatted(name, value));
    }
    return Integer.parseInt(value);
  }
}
