package io.upm.runtime.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The few changes that the tool makes: each of one field, and what was there is not read before.
 */
final class Patches {
  static final String FIELD_MANAGER = "upm-cli";

  private final KubernetesClient client;
  private final String namespace;

  Patches(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Has the units of a set replaced one after the other, as a changed spec would. */
  void restartSet(String name, Instant now) {
    patch(UnitSet.class, name, restart(now));
  }

  /** Has the Pod of one Unit replaced. */
  void restartUnit(String name, Instant now) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("spec").set("template", restart(now));
    patch(Unit.class, name, patch);
  }

  void startup(String unit, boolean running) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("spec").put("startup", running);
    patch(Unit.class, unit, patch);
  }

  void pause(String set, boolean pause) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("spec").put("pause", pause);
    patch(UnitSet.class, set, patch);
  }

  private static ObjectNode restart(Instant now) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch
        .putObject("metadata")
        .putObject("annotations")
        .put(Names.ANNOTATION_RESTART, now.truncatedTo(ChronoUnit.SECONDS).toString());
    return patch;
  }

  private <T extends HasMetadata> void patch(Class<T> kind, String name, ObjectNode patch) {
    client
        .resources(kind)
        .inNamespace(namespace)
        .withName(name)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(FIELD_MANAGER)
                .build(),
            patch.toString());
  }
}
