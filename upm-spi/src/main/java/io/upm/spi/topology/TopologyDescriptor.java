package io.upm.spi.topology;

import java.util.List;
import java.util.Objects;

/**
 * The resource kind of a topology, from which its CRD is generated.
 *
 * @param kind such as {@code MysqlReplication}
 * @param plural such as {@code mysqlreplications}
 * @param shortName such as {@code mr}
 * @param spec record of {@code spec}; Jackson and Jakarta Validation annotations become its schema
 * @param labelPrefix prefix of the labels on Pods: {@code <prefix>.name} and {@code
 *     <prefix>.readonly}
 * @param roles roles that a node can have, as in status
 * @param columns printer columns beside READY and AGE
 */
public record TopologyDescriptor<S extends Record>(
    String kind,
    String plural,
    String shortName,
    Class<S> spec,
    String labelPrefix,
    List<String> roles,
    List<Column> columns) {

  /** A printer column: heading and JSON path. */
  public record Column(String name, String jsonPath) {}

  public TopologyDescriptor {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(plural, "plural");
    Objects.requireNonNull(shortName, "shortName");
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(labelPrefix, "labelPrefix");
    roles = List.copyOf(roles);
    columns = List.copyOf(columns);
  }
}
