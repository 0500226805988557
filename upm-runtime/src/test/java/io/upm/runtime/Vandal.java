package io.upm.runtime;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Somebody with all rights and no idea. Never takes away an owner: then an object isn't ours. */
final class Vandal {
  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(Unit.class, Pod.class, Service.class, ConfigMap.class, Secret.class);

  private final FaultScene scene;
  private final Random random;
  private final List<String> deeds = new ArrayList<>();

  Vandal(FaultScene scene, Random random) {
    this.scene = scene;
    this.random = random;
  }

  List<String> deeds() {
    return List.copyOf(deeds);
  }

  /** Does something to some object; what it is too late for doesn't count. */
  void strike() {
    Class<? extends HasMetadata> kind = KINDS.get(random.nextInt(KINDS.size()));
    int which = random.nextInt(100);
    int how = random.nextInt(5);
    List<? extends HasMetadata> objects =
        scene.children().stream().filter(kind::isInstance).toList();
    if (objects.isEmpty()) {
      return;
    }
    HasMetadata object = objects.get(which % objects.size());
    try {
      switch (how) {
        case 0 -> delete(object);
        case 1 ->
            patch(
                object,
                "a label gone",
                "{\"metadata\":{\"labels\":{\"%s\":null}}}".formatted(label(object)));
        case 2 -> patch(object, "labels gone", "{\"metadata\":{\"labels\":null}}");
        case 3 ->
            patch(
                object,
                "a hash stolen",
                "{\"metadata\":{\"annotations\":{\"unit-operator/applied-hash\":\"x\"}}}");
        default -> change(object);
      }
    } catch (KubernetesClientException e) {
      deeds.add("refused: " + e.getCode());
    }
  }

  private static String label(HasMetadata object) {
    return object instanceof Pod || object instanceof ConfigMap
        ? Names.LABEL_UNIT
        : Names.LABEL_SET;
  }

  private void delete(HasMetadata object) {
    note(object, "deleted");
    scene.cluster().client().resource(object).delete();
  }

  private void change(HasMetadata object) {
    switch (object) {
      case Unit unit ->
          patch(
              unit,
              "a label of its Pods set",
              "{\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"stray\":\"x\"}}}}}");
      case Service service ->
          patch(service, "a selector stolen", "{\"spec\":{\"selector\":{\"stray\":\"x\"}}}");
      case ConfigMap map -> patch(map, "content changed", "{\"data\":{\"instance.json\":\"{}\"}}");
      case Secret secret ->
          patch(secret, "a certificate changed", "{\"data\":{\"tls.crt\":\"eA==\"}}");
      default -> patch(object, "a label set", "{\"metadata\":{\"labels\":{\"stray\":\"x\"}}}");
    }
  }

  private void patch(HasMetadata object, String what, String patch) {
    note(object, what);
    scene
        .cluster()
        .client()
        .resource(object)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager("vandal")
                .build(),
            patch);
  }

  private void note(HasMetadata object, String what) {
    deeds.add("%s %s: %s".formatted(object.getKind(), object.getMetadata().getName(), what));
  }
}
