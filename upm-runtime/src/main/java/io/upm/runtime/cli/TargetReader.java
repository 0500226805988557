package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what a command works on. */
final class TargetReader {
  private static final Set<String> SETS = Set.of("unitset", "unitsets", "us");
  private static final Set<String> UNITS = Set.of("unit", "units", "un");

  private final KubernetesClient client;
  private final String namespace;

  TargetReader(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /**
   * Finds a UnitSet or a Unit.
   *
   * @param asked its name, or kind and name as in {@code unit/demo-0}; a bare name that both have
   *     is the UnitSet's
   * @throws CliException when there is none
   */
  Target find(String asked) {
    int slash = asked.indexOf('/');
    String kind = slash < 0 ? "" : asked.substring(0, slash);
    String name = asked.substring(slash + 1);
    if (!kind.isEmpty() && !SETS.contains(kind) && !UNITS.contains(kind)) {
      throw new CliException(
          ExitCodes.USAGE, "\"%s\" is neither unitset/NAME nor unit/NAME".formatted(asked));
    }
    if (!UNITS.contains(kind)) {
      UnitSet set = client.resources(UnitSet.class).inNamespace(namespace).withName(name).get();
      if (set != null) {
        return ofSet(name, name, true);
      }
    }
    Unit unit =
        SETS.contains(kind)
            ? null
            : client.resources(Unit.class).inNamespace(namespace).withName(name).get();
    if (unit == null) {
      throw CliException.notFound(
          SETS.contains(kind) ? "UnitSet" : UNITS.contains(kind) ? "Unit" : "UnitSet or Unit",
          name,
          namespace);
    }
    return ofUnit(unit);
  }

  /** The same again, as it is now. */
  Target again(Target target) {
    return find((target.whole() ? "unitset/" : "unit/") + target.name());
  }

  private Target ofUnit(Unit unit) {
    String name = unit.getMetadata().getName();
    Map<String, String> labels = unit.getMetadata().getLabels();
    @Nullable String set = labels == null ? null : labels.get(Names.LABEL_SET);
    Target target = set == null ? alone(unit) : ofSet(set, name, false);
    return target.replicasFirst().isEmpty() ? alone(unit) : target;
  }

  private Target alone(Unit unit) {
    String name = unit.getMetadata().getName();
    Pod pod = client.pods().inNamespace(namespace).withName(name).get();
    return new Target(
        namespace,
        name,
        Optional.empty(),
        false,
        List.of(unit),
        pod == null ? List.of() : List.of(pod),
        "");
  }

  private Target ofSet(String set, String name, boolean whole) {
    return Target.of(new ClusterReader(client).read(namespace, set), namespace, name, whole);
  }
}
