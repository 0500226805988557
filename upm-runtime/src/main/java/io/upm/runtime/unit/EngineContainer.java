package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The container of a Unit's template that the engine runs in.
 *
 * @param type the engine, which is the container's name
 * @param version engine version as written; empty when nothing says it
 * @param container as in the template
 */
public record EngineContainer(String type, String version, Container container) {
  /** The one that the annotation names, else the first; empty when the template has none. */
  public static Optional<EngineContainer> of(Unit unit) {
    List<Container> containers = unit.getSpec().template().spec().getContainers();
    Optional<String> named =
        annotation(unit, Names.ANNOTATION_ENGINE)
            .or(() ->
                Optional.ofNullable(
                    unit.getSpec().template().annotations().get(Names.ANNOTATION_ENGINE)));
    return containers.stream()
        .filter(container -> named.isEmpty() || named.get().equals(container.getName()))
        .findFirst()
        .map(container ->
            new EngineContainer(
                container.getName() == null ? "" : container.getName(),
                annotation(unit, Names.ANNOTATION_ENGINE_VERSION)
                    .orElseGet(() -> tag(container.getImage())),
                container));
  }

  /** Mount points by volume name, without the Secrets with passwords. */
  SortedMap<String, String> mounts() {
    var mounts = new TreeMap<String, String>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      if (!VolumeNames.isPassword(mount.getName())) {
        mounts.put(mount.getName(), mount.getMountPath());
      }
    }
    return mounts;
  }

  Optional<String> mount(String volume) {
    return container.getVolumeMounts().stream()
        .filter(mount -> volume.equals(mount.getName()))
        .map(VolumeMount::getMountPath)
        .findFirst();
  }

  /** Environment variables with literal values. */
  SortedMap<String, String> settings() {
    var settings = new TreeMap<String, String>();
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValueFrom() == null) {
        settings.put(variable.getName(), variable.getValue() == null ? "" : variable.getValue());
      }
    }
    return settings;
  }

  private static Optional<String> annotation(Unit unit, String key) {
    Map<String, String> annotations = unit.getMetadata().getAnnotations();
    return annotations == null ? Optional.empty() : Optional.ofNullable(annotations.get(key));
  }

  /** The version in an image's name: what follows the last colon after the last slash. */
  private static String tag(String image) {
    if (image == null) {
      return "";
    }
    String name = image.contains("@") ? image.substring(0, image.indexOf('@')) : image;
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(colon + 1) : "";
  }
}
