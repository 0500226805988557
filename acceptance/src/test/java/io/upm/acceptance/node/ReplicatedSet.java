package io.upm.acceptance.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A set whose units replicate, and what its users do with it. */
record ReplicatedSet(Cluster cluster, String name) {
  /** Applies it with that many units. */
  void apply(int units) {
    cluster.apply(manifest(units));
  }

  String manifest(int units) {
    return Manifests.file(
        "unitset.yaml",
        "name",
        name,
        "version",
        "8.0.33",
        "units",
        String.valueOf(units),
        "mode",
        "rpl_semi_sync");
  }

  /** Of all Pods in the set's namespace. */
  Set<String> podUids() {
    return cluster.client.pods().inNamespace(cluster.namespace).list().getItems().stream()
        .map(pod -> pod.getMetadata().getUid())
        .collect(Collectors.toSet());
  }

  String unitName(int ordinal) {
    return name + "-" + ordinal;
  }

  /** Name of the unit that takes writes. */
  String source() {
    return (String)
        Cluster.at(cluster.find("MysqlReplication", name).orElseThrow(), "status", "source");
  }

  /** Exchanges {@code spec.source} and the entry of that name in {@code spec.replica}. */
  void prefer(String unit) {
    cluster.edit(
        "MysqlReplication",
        name,
        spec -> {
          var replicas = new ArrayList<Object>((List<?>) spec.get("replica"));
          Object chosen =
              replicas.stream()
                  .filter(one -> unit.equals(((Map<?, ?>) one).get("name")))
                  .findFirst()
                  .orElseThrow();
          replicas.set(replicas.indexOf(chosen), spec.get("source"));
          var source = new HashMap<Object, Object>((Map<?, ?>) chosen);
          source.remove("isolated");
          spec.put("source", source);
          spec.put("replica", replicas);
        });
  }

  Database readwrite() {
    return Database.ofService(cluster, name + "-readwrite");
  }

  Database readonly() {
    return Database.ofService(cluster, name + "-readonly");
  }

  Database unit(int ordinal) {
    return Database.ofUnit(cluster, unitName(ordinal));
  }

  /** Awaits that the first units each have every row that was acknowledged. */
  void awaitRowsOnAll(int units, Set<Long> acknowledged) {
    for (int unit = 0; unit < units; unit++) {
      NumberedWriter.awaitRows(cluster, unit(unit), acknowledged);
    }
  }
}
