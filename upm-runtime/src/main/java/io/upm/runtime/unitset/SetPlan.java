package io.upm.runtime.unitset;

import io.upm.runtime.api.Names;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.api.UnitSetSpec;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.validation.PlacementRules;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Port;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A UnitSet whose spec can be carried out, with what it is carried out by.
 *
 * @param set the UnitSet
 * @param engine its engine
 * @param version its version, which the engine serves
 * @param shared port numbers of the shared configuration by name
 */
public record SetPlan(
    UnitSet set, Engine engine, EngineVersion version, SortedMap<String, Integer> shared) {

  public String name() {
    return set.getMetadata().getName();
  }

  public String namespace() {
    return set.getMetadata().getNamespace();
  }

  public UnitSetSpec spec() {
    return set.getSpec();
  }

  /** Ports of the engine with the numbers that hold here. */
  List<Port> ports() {
    return engine.descriptor().ports().stream()
        .map(port ->
            new Port(port.name(), shared.getOrDefault(port.name(), port.number()), port.client()))
        .toList();
  }

  /** Image of the version; editions other than the plain one are part of it. */
  String image() {
    String edition = spec().edition();
    if (edition == null || edition.isEmpty() || edition.equals("community")) {
      return engine.image(version);
    }
    return engine.image(new EngineVersion(version.numbers(), version.suffix() + "-" + edition));
  }

  /** Node that a unit is pinned to; null for any. */
  @Nullable String node(String unit) {
    Map<String, String> annotations = set.getMetadata().getAnnotations();
    return annotations == null
        ? null
        : PlacementRules.nodes(annotations.get(Names.ANNOTATION_NODE_MAP)).get(unit);
  }

  /** When a restart was asked for last; null for never. */
  @Nullable String restart() {
    Map<String, String> annotations = set.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(Names.ANNOTATION_RESTART);
  }

  /** Secret with a unit's own certificate, which cert-manager writes; null when it has none. */
  @Nullable String certificateSecret(String unit) {
    return spec().certificateProfile() == null ? null : Names.certificateSecret(unit);
  }

  /**
   * Hash of everything in the UnitSet that a unit's Pod is made from. A unit with another hash has
   * an older template; a unit with the same keeps the template it has, whatever version of the
   * runtime or the plugin made it. Nothing that is not set takes part, so that new fields change no
   * hash.
   */
  String inputsHash(String unit) {
    UnitSetSpec spec = spec();
    var inputs = new TreeMap<String, Object>();
    put(inputs, "type", spec.type());
    put(inputs, "version", spec.version());
    put(inputs, "edition", spec.edition());
    put(inputs, "resources", spec.resources());
    put(inputs, "env", spec.env());
    put(
        inputs,
        "storages",
        spec.storages().stream()
            .map(storage -> List.of(storage.name(), storage.mountPath()))
            .toList());
    put(inputs, "emptyDir", spec.emptyDir());
    put(inputs, "secret", spec.secret());
    put(
        inputs,
        "certificateSecret",
        spec.certificateSecret() == null ? null : spec.certificateSecret().name());
    put(inputs, "certificateProfile", certificateSecret(unit));
    put(inputs, "nodeAffinityPreset", spec.nodeAffinityPreset());
    put(inputs, "podAntiAffinityPreset", spec.podAntiAffinityPreset());
    put(inputs, "extraVolume", spec.extraVolume());
    put(inputs, "resizePolicy", spec.resizePolicy());
    put(inputs, "topologySpreadConstraints", spec.topologySpreadConstraints());
    put(inputs, "priorityClassName", spec.priorityClassName());
    put(inputs, "imagePullSecrets", spec.imagePullSecrets());
    put(inputs, "ports", shared);
    put(inputs, "node", node(unit));
    put(inputs, "restart", restart());
    return Canonical.hash(inputs);
  }

  private static void put(Map<String, Object> inputs, String name, @Nullable Object value) {
    boolean empty =
        value == null
            || (value instanceof Collection<?> items && items.isEmpty())
            || (value instanceof Map<?, ?> entries && entries.isEmpty())
            || "".equals(value);
    if (!empty) {
      inputs.put(name, value);
    }
  }
}
