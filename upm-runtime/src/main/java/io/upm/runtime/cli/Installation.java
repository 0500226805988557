package io.upm.runtime.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.api.Plugin;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One Plugin object: what commands change in it, and how they wait for the runtime. */
final class Installation {
  private final String id;
  private final Resource<Plugin> resource;

  Installation(KubernetesClient client, String id) {
    this.id = id;
    this.resource = client.resources(Plugin.class).withName(id);
  }

  /**
   * The object.
   *
   * @throws CliException when there is none
   */
  Plugin find() {
    Plugin plugin = resource.get();
    if (plugin == null) {
      throw new CliException(
          ExitCodes.NOT_FOUND,
          "plugin %s is not installed; what is: upm plugin list".formatted(id));
    }
    return plugin;
  }

  boolean exists() {
    return resource.get() != null;
  }

  /**
   * Has another version serve.
   *
   * @param digest null for whatever the source has under that version
   * @param source null for the one that it has
   */
  Plugin want(String version, @Nullable String digest, @Nullable String source) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode spec = patch.putObject("spec");
    spec.put("version", version);
    // That of another version must not stay.
    spec.put("digest", digest);
    if (source != null) {
      spec.put("source", source);
    }
    return resource.patch(
        new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager(Patches.FIELD_MANAGER)
            .build(),
        patch.toString());
  }

  void remove() {
    resource.delete();
  }

  /**
   * Waits until the wanted version serves or is refused, and tells how it goes.
   *
   * @return the exit code
   */
  int await(Plugin wanted, WaitOptions waiting, PrintWriter progress) {
    if (!waiting.waits()) {
      return ExitCodes.OK;
    }
    long generation = wanted.getMetadata().getGeneration();
    var told = new StringBuilder();
    try {
      Plugin seen =
          resource.waitUntilCondition(
              plugin -> {
                if (plugin == null) {
                  return true;
                }
                PluginLook look = PluginLook.at(plugin);
                boolean over = look.done() || look.refused();
                tell(look, over, told, progress);
                return over && plugin.getMetadata().getGeneration() >= generation;
              },
              waiting.timeout().toMillis(),
              TimeUnit.MILLISECONDS);
      return seen != null && PluginLook.at(seen).done() ? ExitCodes.OK : ExitCodes.TROUBLE;
    } catch (KubernetesClientTimeoutException e) {
      progress.printf(
          "given up after %d s; it goes on: upm plugin list%n", waiting.timeout().toSeconds());
      progress.flush();
      return ExitCodes.TROUBLE;
    }
  }

  private static void tell(
      PluginLook look, boolean over, StringBuilder told, PrintWriter progress) {
    String line = (over ? "" : "waiting: ") + look.told();
    if (!line.contentEquals(told)) {
      told.setLength(0);
      told.append(line);
      progress.println(line);
      progress.flush();
    }
  }
}
