package io.upm.runtime.toy;

import io.upm.runtime.toy.ToySpec.ToyNode;
import io.upm.spi.PluginException;
import io.upm.spi.Problem;
import io.upm.spi.topology.Credential;
import io.upm.spi.topology.CredentialRef;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.Intent;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.Node;
import io.upm.spi.topology.NodeReport;
import io.upm.spi.topology.Nodes;
import io.upm.spi.topology.Reading;
import io.upm.spi.topology.SetView;
import io.upm.spi.topology.Step;
import io.upm.spi.topology.TopologyDescriptor;
import io.upm.spi.topology.TopologyManager;
import io.upm.spi.topology.TopologyReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Keeps one toy database writable and the others following it. Promoting is done under an intent.
 */
public final class ToyManager implements TopologyManager<ToySpec, ToyManager.Observed> {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  /** State of one database. */
  public record State(boolean writable, String following, long position) {}

  /** What was observed. */
  public record Observed(Map<String, Reading<State>> nodes, Instant at) {}

  @Override
  public TopologyDescriptor<ToySpec> descriptor() {
    return new TopologyDescriptor<>(
        "ToyReplication",
        "toyreplications",
        "toyr",
        ToySpec.class,
        "compose-operator/toy-replication",
        List.of("Source", "Replica"),
        List.of());
  }

  @Override
  public List<Problem> validate(ToySpec spec) {
    return spec.replica().stream().anyMatch(node -> node.name().equals(spec.source().name()))
        ? List.of(new Problem("spec.replica", spec.source().name(), "nodes other than the source"))
        : List.of();
  }

  @Override
  public List<Endpoint> endpoints(ToySpec spec) {
    return nodes(spec).stream()
        .map(node -> new Endpoint(node.name(), node.host(), node.port()))
        .toList();
  }

  @Override
  public List<CredentialRef> credentials(ToySpec spec) {
    return List.of(new CredentialRef("admin", spec.secret(), "root", Optional.empty()));
  }

  @Override
  public String serviceType(ToySpec spec) {
    return spec.serviceType();
  }

  @Override
  public Observed observe(ToySpec spec, Nodes nodes) {
    if (spec.misbehave().equals("error")) {
      throw new StackOverflowError("as the spec says");
    }
    Credential admin = nodes.credential("admin");
    return new Observed(
        nodes.readAll(LIMIT, node -> state(ask(node, admin, "STATUS"))), nodes.now());
  }

  @Override
  public Decision decide(ToySpec spec, Observed observed, Memory memory) {
    if (spec.misbehave().equals("spin")) {
      return new Decision.Perform(
          new Step("promote", spec.source().name(), Map.of(), "says it again and again"));
    }
    for (ToyNode node : spec.replica()) {
      State state = known(observed, node);
      if (state != null && state.writable()) {
        return perform("read-only", node, "only the source takes writes");
      }
    }
    State source = known(observed, spec.source());
    if (source == null) {
      return new Decision.WaitFor(
          "node " + spec.source().name() + " answers",
          observed.at().plusSeconds(30),
          "start the database");
    }
    if (!source.writable()) {
      return promote(spec, observed, memory);
    }
    if (memory.intent().isPresent() || !memory.source().equals(Optional.of(spec.source().name()))) {
      return new Decision.Remember(
          memory.withoutIntent().withSource(spec.source().name()), "writes are taken");
    }
    for (ToyNode node : spec.replica()) {
      State state = known(observed, node);
      if (state != null && !state.following().equals(spec.source().name())) {
        return perform("follow", node, "replicas follow the source");
      }
    }
    return new Decision.Nothing();
  }

  private static Decision promote(ToySpec spec, Observed observed, Memory memory) {
    if (memory.intent().isEmpty()) {
      return new Decision.Remember(
          memory.withIntent(
              new Intent(
                  "promote",
                  spec.source().name(),
                  memory.epoch() + 1,
                  observed.at(),
                  observed.at().plusSeconds(60),
                  Map.of())),
          spec.source().name() + " is to take writes");
    }
    return perform("promote", spec.source(), "the source takes writes");
  }

  @Override
  public void act(Step step, ToySpec spec, Nodes nodes) {
    Credential admin = nodes.credential("admin");
    String command =
        switch (step.kind()) {
          case "read-only" -> "READONLY";
          case "promote" -> "WRITABLE";
          case "follow" -> "FOLLOW " + spec.source().name();
          default -> throw PluginException.internal("step " + step.kind(), null);
        };
    String answer = nodes.on(step.node(), LIMIT, node -> ask(node, admin, command));
    if (!answer.equals("OK")) {
      throw PluginException.retryable(answer, null);
    }
  }

  @Override
  public TopologyReport report(ToySpec spec, Observed observed, Memory memory) {
    var reports = new ArrayList<NodeReport>();
    for (ToyNode node : nodes(spec)) {
      reports.add(report(spec, node, observed));
    }
    boolean ready = reports.stream().allMatch(NodeReport::ready);
    return new TopologyReport(reports, ready, ready ? "all is well" : "not all nodes are ready");
  }

  private static NodeReport report(ToySpec spec, ToyNode node, Observed observed) {
    State state = known(observed, node);
    if (state == null) {
      String why = observed.nodes().get(node.name()).why();
      return new NodeReport(
          node.name(), "None", false, why, OptionalLong.empty(), "", Optional.empty(), Map.of());
    }
    boolean ready =
        node.name().equals(spec.source().name())
            ? state.writable()
            : state.following().equals(spec.source().name());
    return new NodeReport(
        node.name(),
        state.writable() ? "Source" : "Replica",
        ready,
        "",
        OptionalLong.of(0),
        String.valueOf(state.position()),
        state.writable()
            ? Optional.of(NodeReport.Route.READWRITE)
            : ready ? Optional.of(NodeReport.Route.READONLY) : Optional.empty(),
        Map.of("readonly", !state.writable()));
  }

  @Override
  public Optional<ToySpec> specFor(SetView set, Optional<ToySpec> current) {
    if (!set.mode().equals("pair")) {
      return Optional.empty();
    }
    List<ToyNode> nodes =
        set.units().stream()
            .map(unit -> new ToyNode(unit.name(), unit.host(), unit.port()))
            .toList();
    ToyNode source =
        nodes.stream()
            .filter(
                node -> current.map(held -> held.source().name().equals(node.name())).orElse(false))
            .findFirst()
            .orElse(nodes.getFirst());
    return Optional.of(
        new ToySpec(
            set.secret(),
            source,
            nodes.stream().filter(node -> !node.equals(source)).toList(),
            set.serviceType(),
            "no"));
  }

  @Override
  public Optional<String> successor(ToySpec spec, String node) {
    return switch (spec.misbehave()) {
      case "error" -> throw new StackOverflowError("as the spec says");
      case "refuse" -> throw PluginException.internal("as the spec says", null);
      default ->
          nodes(spec).stream().map(ToyNode::name).filter(name -> !name.equals(node)).findFirst();
    };
  }

  private static List<ToyNode> nodes(ToySpec spec) {
    var nodes = new ArrayList<ToyNode>();
    nodes.add(spec.source());
    nodes.addAll(spec.replica());
    return nodes;
  }

  private static State known(Observed observed, ToyNode node) {
    return observed.nodes().get(node.name()).value().orElse(null);
  }

  private static Decision perform(String kind, ToyNode node, String reason) {
    return new Decision.Perform(new Step(kind, node.name(), Map.of(), reason));
  }

  private static State state(String answer) {
    String[] fields = answer.split(" ", -1);
    if (fields.length != 3) {
      throw new IllegalStateException(answer);
    }
    return new State(Boolean.parseBoolean(fields[0]), fields[1], Long.parseLong(fields[2]));
  }

  private static String ask(Node node, Credential admin, String command) throws IOException {
    try (var socket = new Socket(node.endpoint().host(), node.endpoint().port())) {
      String question =
          admin.user() + " " + admin.password().reveal() + " " + node.name() + " " + command + "\n";
      socket.getOutputStream().write(question.getBytes(StandardCharsets.UTF_8));
      var answer =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      if (answer == null) {
        throw new IOException("no answer");
      }
      return answer;
    }
  }
}
