package io.upm.plugin.mysql.it;

import io.upm.plugin.mysql.topology.MysqlReplication;
import io.upm.plugin.mysql.topology.MysqlReplicationSpec;
import io.upm.plugin.mysql.topology.Observation;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.topology.Credential;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.NodeReport;
import io.upm.spi.topology.Nodes;
import io.upm.spi.topology.SetView;
import io.upm.spi.topology.TopologyReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/** The runtime's loop, step by step: observe, decide, act, and again. */
final class Loop {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final MysqlReplication manager = new MysqlReplication();
  private final Map<String, Credential> credentials = new HashMap<>();
  private final List<String> journal = new ArrayList<>();
  private MysqlReplicationSpec spec;
  private Memory memory = Memory.EMPTY;

  Loop(MysqlReplicationSpec spec, String password) {
    this.spec = spec;
    String user = spec.secret().mysql();
    credentials.put("mysql", new Credential(user, Password.of(password)));
    credentials.put("replication", new Credential(user, Password.of(password)));
  }

  /** The Secret has changed. */
  void changePassword(String password) {
    credentials.replaceAll((purpose, before) ->
        new Credential(before.user(), Password.of(password), List.of(before.password())));
  }

  static MysqlReplicationSpec spec(String mode, List<Unit> units) {
    var set =
        new SetView(
            "db",
            mode,
            units.stream().map(Unit::endpoint).toList(),
            "secret",
            Map.of("replication", "replication"),
            "ClusterIP");
    return new MysqlReplication().specFor(set, Optional.empty()).orElseThrow();
  }

  void use(MysqlReplicationSpec value) {
    spec = value;
  }

  Memory memory() {
    return memory;
  }

  void forget() {
    memory = Memory.EMPTY;
  }

  List<String> journal() {
    return journal;
  }

  /** One turn. */
  Decision turn() {
    Nodes nodes = nodes();
    Observation observed = manager.observe(spec, nodes);
    Decision decision = manager.decide(spec, observed, memory);
    switch (decision) {
      case Decision.Perform perform -> {
        journal.add(perform.step().kind() + " " + perform.step().node());
        manager.act(perform.step(), spec, nodes);
      }
      case Decision.Remember remember -> {
        journal.add("remember " + remember.memory().source().orElse(""));
        memory = remember.memory();
      }
      case Decision.Nothing nothing -> {}
      case Decision.WaitFor wait -> {}
    }
    return decision;
  }

  /** Turns until all is as the spec wants it. */
  void settle() {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(this::turnOrRetry, last -> last instanceof Decision.Nothing && report().ready());
  }

  /** Turns until it waits for something. */
  Decision.WaitFor settleWaiting(String predicate) {
    return (Decision.WaitFor)
        Awaitility.await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(100))
            .until(
                this::turnOrRetry,
                last ->
                    last instanceof Decision.WaitFor wait && wait.predicate().contains(predicate));
  }

  private Decision turnOrRetry() {
    try {
      return turn();
    } catch (PluginException e) {
      journal.add("failed: " + e.getMessage());
      return new Decision.WaitFor("retry", java.time.Instant.now(), "");
    }
  }

  TopologyReport report() {
    return manager.report(spec, manager.observe(spec, nodes()), memory);
  }

  NodeReport report(String name) {
    return report().nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Nodes nodes() {
    List<Endpoint> endpoints = manager.endpoints(spec);
    return new LiveNodes(endpoints, credentials);
  }
}
