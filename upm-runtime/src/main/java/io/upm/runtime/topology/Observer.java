package io.upm.runtime.topology;

import io.upm.host.plugin.Conversion;
import io.upm.host.plugin.StuckCallException;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.agent.UnitKey;
import io.upm.spi.Problem;
import io.upm.spi.instance.Health;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.Node;
import io.upm.spi.topology.Step;
import io.upm.spi.topology.TopologyReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks at a topology and does single steps, by asking its plugin; every call has a limit. */
final class Observer {
  /** Pure methods think; they don't wait for anything. */
  private static final Duration THINKING = Duration.ofSeconds(10);

  private static final Duration OBSERVING = Duration.ofSeconds(60);
  private static final Duration ACTING = Duration.ofMinutes(3);

  private final Tools tools;
  private final CallLane lane;
  private final FormerPasswords former = new FormerPasswords();

  Observer(Tools tools, CallLane lane) {
    this.tools = tools;
    this.lane = lane;
  }

  /**
   * Parse, validate, observe, decide, report.
   *
   * @throws InvalidSpecException when the spec is wrong
   */
  Finding look(ManagedTopology topology, TopologyResource object, Memory memory)
      throws InterruptedException {
    Record spec = spec(topology, object.spec());
    LiveNodes nodes = nodes(topology, object.namespace(), spec);
    Object observed = ask(topology, "observe", OBSERVING, () -> topology.observe(spec, nodes));
    Decision decision =
        ask(topology, "decide", THINKING, () -> topology.decide(spec, observed, memory));
    TopologyReport report =
        ask(topology, "report", THINKING, () -> topology.report(spec, observed, memory));
    String serviceType = ask(topology, "service-type", THINKING, () -> topology.serviceType(spec));
    return new Finding(spec, nodes, report, decision, serviceType);
  }

  void act(ManagedTopology topology, Step step, Finding finding) throws InterruptedException {
    ask(
        topology,
        "act",
        ACTING,
        () -> {
          topology.act(step, finding.spec(), finding.nodes());
          return true;
        });
  }

  private Record spec(ManagedTopology topology, Map<String, Object> tree)
      throws InterruptedException {
    Conversion<Record> read = ask(topology, "read", THINKING, () -> topology.read(tree));
    Record spec = read.value().orElseThrow(() -> new InvalidSpecException(read.problems()));
    List<Problem> problems = ask(topology, "validate", THINKING, () -> topology.validate(spec));
    if (!problems.isEmpty()) {
      throw new InvalidSpecException(problems);
    }
    return spec;
  }

  private LiveNodes nodes(ManagedTopology topology, String namespace, Record spec)
      throws InterruptedException {
    List<Endpoint> endpoints = ask(topology, "endpoints", THINKING, () -> topology.endpoints(spec));
    var credentials =
        new CredentialReader(
            tools.client(),
            namespace,
            ask(topology, "credentials", THINKING, () -> topology.credentials(spec)),
            former);
    List<Node> nodes = endpoints.stream().map(endpoint -> node(namespace, endpoint)).toList();
    return new LiveNodes(nodes, credentials, topology.loaded(), tools.clock());
  }

  /** A call that doesn't end is a fault, too; those within it are counted where they happen. */
  private <T> T ask(ManagedTopology topology, String operation, Duration limit, Supplier<T> work)
      throws InterruptedException {
    try {
      return lane.call(topology.loaded(), operation, limit, work);
    } catch (StuckCallException e) {
      topology.engine().failed(operation, e);
      throw e;
    }
  }

  private Node node(String namespace, Endpoint endpoint) {
    boolean managed = tools.caches().hasUnit(namespace, endpoint.name());
    Optional<Health> health =
        managed
            ? tools
                .agents()
                .view(new UnitKey(namespace, endpoint.name()))
                .filter(AgentView::connected)
                .flatMap(AgentView::report)
                .map(AgentView.Report::health)
            : Optional.empty();
    return new Node(endpoint, managed, health);
  }
}
