package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.client.Channel;
import io.upm.plugin.mysql.client.Channel.Receiver;
import io.upm.plugin.mysql.client.ServerState;
import io.upm.plugin.mysql.topology.MysqlReplicationSpec.Member;
import io.upm.plugin.mysql.topology.Situation.Known;
import io.upm.spi.topology.NodeReport;
import io.upm.spi.topology.NodeReport.Route;
import io.upm.spi.topology.TopologyReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What users are told, and where their clients are sent: only what was observed. Pure. */
final class Report {
  static final String SOURCE = "Source";
  static final String REPLICA = "Replica";
  static final String NONE = "None";

  /** A replica further behind than that serves no reads. */
  static final long MOST_LAG_SECONDS = 30;

  private final Situation situation;
  private final Optional<Known> source;

  private Report(Situation situation) {
    this.situation = situation;
    this.source = situation.memory().source().flatMap(situation::known).filter(this::isSame);
  }

  static TopologyReport report(Situation situation) {
    return new Report(situation).all();
  }

  /** Another server in the source's place is not the source. */
  private boolean isSame(Known server) {
    return situation
        .rememberedUuid()
        .filter(uuid -> !uuid.equals(server.state().identity().uuid()))
        .isEmpty();
  }

  private TopologyReport all() {
    var nodes = new ArrayList<NodeReport>();
    for (Member member : situation.members()) {
      nodes.add(situation.known(member.name()).map(this::known).orElseGet(() -> unknown(member)));
    }
    boolean served =
        nodes.stream().anyMatch(node -> node.route().filter(Route.READWRITE::equals).isPresent());
    boolean wished =
        source.filter(one -> one.name().equals(situation.spec().source().name())).isPresent();
    boolean ready = served && wished && nodes.stream().allMatch(NodeReport::ready);
    return new TopologyReport(nodes, ready, message(nodes, served, wished));
  }

  private String message(List<NodeReport> nodes, boolean served, boolean wished) {
    if (!served) {
      return "no server takes writes";
    }
    if (!wished) {
      return "the source is %s, and the spec prefers %s"
          .formatted(source.map(Known::name).orElse(""), situation.spec().source().name());
    }
    return nodes.stream()
        .filter(node -> !node.ready())
        .findFirst()
        .map(node -> "%s: %s".formatted(node.name(), node.problem()))
        .orElseGet(() -> "every server is as the spec wants it");
  }

  private NodeReport unknown(Member member) {
    return new NodeReport(
        member.name(),
        NONE,
        member.isolated(),
        "unknown: " + situation.reading(member.name()).why(),
        OptionalLong.empty(),
        "",
        Optional.empty(),
        Map.of());
  }

  private NodeReport known(Known server) {
    if (source.filter(one -> one.name().equals(server.name())).isPresent()) {
      return source(server);
    }
    return server.member().isolated() ? isolated(server) : replica(server);
  }

  private NodeReport source(Known server) {
    boolean open = server.state().isOpen();
    String problem = open ? semiSyncProblem(server.state()) : "it does not take writes";
    return node(
        server,
        SOURCE,
        problem,
        open ? Optional.of(Route.READWRITE) : Optional.empty(),
        OptionalLong.empty());
  }

  private String semiSyncProblem(ServerState state) {
    if (!situation.semiSync()) {
      return state.semiSync().sourceEnabled() ? "its commits wait for replicas" : "";
    }
    if (!state.semiSync().sourceEnabled()) {
      return "its commits do not wait for replicas";
    }
    if (!state.semiSync().sourceActive()) {
      return "it fell back to asynchronous: its commits do not wait for replicas";
    }
    int needed = state.semiSync().needed();
    boolean tooFew =
        state.semiSync().clients() < needed
            || state.semiSync().waiting() > 0 && acknowledging() < needed;
    return tooFew
        ? "its commits wait: %d replicas have to acknowledge, and fewer are connected"
            .formatted(needed)
        : "";
  }

  /** Replicas that say themselves that they acknowledge: the source learns later that one left. */
  private int acknowledging() {
    return situation
        .where(server ->
            server.state().semiSync().replicaActive()
                && server
                    .state()
                    .channel()
                    .filter(channel -> channel.receiver() == Receiver.YES)
                    .isPresent())
        .size();
  }

  private NodeReport isolated(Known server) {
    String problem =
        server.state().isClosed()
            ? server.state().channel().filter(Channel::isActive).isPresent()
                ? "it is isolated and still replicates"
                : ""
            : "it is isolated and still writable";
    return node(server, NONE, problem, Optional.empty(), OptionalLong.empty());
  }

  private NodeReport replica(Known server) {
    if (source.isEmpty()) {
      return node(
          server, NONE, "the source is not known", readingWithoutSource(server), lag(server));
    }
    var following = Following.of(situation, source.get(), server);
    OptionalLong lag = lag(server);
    String problem = problem(server, following, lag);
    Optional<Route> route =
        following.isSetUp() && serves(server, lag) ? Optional.of(Route.READONLY) : Optional.empty();
    return node(server, following.isSetUp() ? REPLICA : NONE, problem, route, lag);
  }

  private static String problem(Known server, Following following, OptionalLong lag) {
    if (!server.state().isClosed()) {
      return "it is writable and not the source";
    }
    return following
        .stuck()
        .map(Following.Stuck::problem)
        .or(following::trouble)
        .orElseGet(() ->
            lag.orElse(0) > MOST_LAG_SECONDS
                ? "it is more than %d seconds behind".formatted(MOST_LAG_SECONDS)
                : "");
  }

  /**
   * While no source can be seen, there is nothing newer than what the replicas hold, so those that
   * have applied all they received go on serving reads.
   */
  private Optional<Route> readingWithoutSource(Known server) {
    boolean followsRemembered =
        situation
            .memory()
            .source()
            .flatMap(situation::member)
            .flatMap(member ->
                server
                    .state()
                    .channel()
                    .filter(
                        channel -> member.isAt(channel.source().host(), channel.source().port())))
            .isPresent();
    return followsRemembered && serves(server, lag(server))
        ? Optional.of(Route.READONLY)
        : Optional.empty();
  }

  private boolean serves(Known server, OptionalLong lag) {
    Channel channel = server.state().channel().orElseThrow();
    if (!server.state().isClosed() || !channel.applier()) {
      return false;
    }
    if (channel.receiver() == Receiver.YES) {
      return lag.isPresent() && lag.getAsLong() <= MOST_LAG_SECONDS;
    }
    boolean sourceTakesWrites = source.filter(one -> one.state().isOpen()).isPresent();
    boolean current = server.state().gtids().executed().contains(channel.retrieved());
    return channel.receiver() == Receiver.CONNECTING && !sourceTakesWrites && current;
  }

  private static OptionalLong lag(Known server) {
    return server.state().channel().map(Channel::lagSeconds).orElse(OptionalLong.empty());
  }

  private NodeReport node(
      Known server, String role, String problem, Optional<Route> route, OptionalLong lag) {
    return new NodeReport(
        server.name(),
        role,
        problem.isEmpty(),
        problem,
        lag,
        server.state().gtids().executed().toString(),
        route,
        details(server.state(), role));
  }

  private Map<String, Object> details(ServerState state, String role) {
    var details = new TreeMap<String, Object>();
    details.put("readonly", state.readOnly());
    details.put("superReadonly", state.superReadOnly());
    details.put("version", state.identity().version());
    if (state.semiSync().loaded()) {
      details.put(
          "semiSync",
          role.equals(SOURCE) ? state.semiSync().sourceActive() : state.semiSync().replicaActive());
    }
    state.channel().ifPresent(channel -> details(channel, details));
    return details;
  }

  private static void details(Channel channel, Map<String, Object> details) {
    details.put("sourceHost", channel.source().host());
    details.put("sourcePort", channel.source().port());
    details.put("replicaIO", channel.receiver().word());
    details.put("replicaSQL", channel.applier() ? "Yes" : "No");
    channel.lagSeconds().ifPresent(lag -> details.put("secondsBehindSource", lag));
  }
}
