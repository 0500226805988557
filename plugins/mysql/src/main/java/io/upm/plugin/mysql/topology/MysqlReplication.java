package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.topology.MysqlReplicationSpec.KeyRef;
import io.upm.plugin.mysql.topology.MysqlReplicationSpec.Replica;
import io.upm.plugin.mysql.topology.MysqlReplicationSpec.SecretRef;
import io.upm.plugin.mysql.topology.MysqlReplicationSpec.Service;
import io.upm.plugin.mysql.topology.MysqlReplicationSpec.Source;
import io.upm.spi.Problem;
import io.upm.spi.topology.CredentialRef;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.Nodes;
import io.upm.spi.topology.SetView;
import io.upm.spi.topology.Step;
import io.upm.spi.topology.TopologyDescriptor;
import io.upm.spi.topology.TopologyDescriptor.Column;
import io.upm.spi.topology.TopologyManager;
import io.upm.spi.topology.TopologyReport;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Keeps one source and its replicas, asynchronous or semi-synchronous, by GTID. */
public final class MysqlReplication implements TopologyManager<MysqlReplicationSpec, Observation> {
  private static final TopologyDescriptor<MysqlReplicationSpec> DESCRIPTOR =
      new TopologyDescriptor<>(
          MysqlEngine.REPLICATION_KIND,
          "mysqlreplications",
          "mr",
          MysqlReplicationSpec.class,
          "compose-operator/mysql-replication",
          List.of(Report.SOURCE, Report.REPLICA, Report.NONE),
          List.of(new Column("MODE", ".spec.mode"), new Column("SOURCE", ".status.source")));

  @Override
  public TopologyDescriptor<MysqlReplicationSpec> descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public List<Problem> validate(MysqlReplicationSpec spec) {
    return SpecRules.check(spec);
  }

  @Override
  public List<Endpoint> endpoints(MysqlReplicationSpec spec) {
    return spec.members().stream()
        .map(member -> new Endpoint(member.name(), member.host(), member.port()))
        .toList();
  }

  @Override
  public List<CredentialRef> credentials(MysqlReplicationSpec spec) {
    return Credentials.of(spec);
  }

  @Override
  public String serviceType(MysqlReplicationSpec spec) {
    return spec.service().type();
  }

  @Override
  public Observation observe(MysqlReplicationSpec spec, Nodes nodes) {
    return Observe.observe(spec, nodes);
  }

  @Override
  public Decision decide(MysqlReplicationSpec spec, Observation observed, Memory memory) {
    return Decide.decide(new Situation(spec, observed, memory));
  }

  @Override
  public void act(Step step, MysqlReplicationSpec spec, Nodes nodes) {
    Act.act(step, nodes);
  }

  @Override
  public TopologyReport report(MysqlReplicationSpec spec, Observation observed, Memory memory) {
    return Report.report(new Situation(spec, observed, memory));
  }

  /**
   * A source that was chosen stays, as long as there is a unit of that name, and it is not about to
   * be restarted while there is another that can take over.
   */
  @Override
  public Optional<MysqlReplicationSpec> specFor(
      SetView set, Optional<MysqlReplicationSpec> current) {
    if (!MysqlEngine.replicates(set.mode()) || set.units().isEmpty()) {
      return Optional.empty();
    }
    Set<String> isolated =
        current.stream()
            .flatMap(present -> present.replica().stream())
            .filter(Replica::isolated)
            .map(Replica::name)
            .collect(Collectors.toSet());
    Endpoint source = source(set, current);
    String user =
        set.users()
            .getOrDefault(MysqlEngine.REPLICATION.purpose(), MysqlEngine.REPLICATION.defaultUser());
    return Optional.of(
        new MysqlReplicationSpec(
            set.mode(),
            new SecretRef(set.secret(), user, user),
            set.cipher().map(cipher -> new KeyRef(cipher.name(), cipher.key())),
            new Source(source.name(), source.host(), source.port()),
            set.units().stream()
                .filter(unit -> !unit.name().equals(source.name()))
                .map(unit ->
                    new Replica(
                        unit.name(), unit.host(), unit.port(), isolated.contains(unit.name())))
                .toList(),
            new Service(set.serviceType())));
  }

  /**
   * The first replica that is not isolated; it is the runtime that sees to it that all are well.
   */
  @Override
  public Optional<String> successor(MysqlReplicationSpec spec, String node) {
    return spec.source().name().equals(node)
        ? spec.replica().stream()
            .filter(replica -> !replica.isolated())
            .map(Replica::name)
            .findFirst()
        : Optional.empty();
  }

  private Endpoint source(SetView set, Optional<MysqlReplicationSpec> current) {
    Optional<String> present = current.map(spec -> spec.source().name());
    return present
        .filter(name -> set.restarting().filter(name::equals).isPresent())
        .flatMap(name -> successor(current.orElseThrow(), name))
        .flatMap(name -> unit(set, name))
        .or(() -> present.flatMap(name -> unit(set, name)))
        .orElse(set.units().getFirst());
  }

  private static Optional<Endpoint> unit(SetView set, String name) {
    return set.units().stream().filter(unit -> unit.name().equals(name)).findFirst();
  }
}
