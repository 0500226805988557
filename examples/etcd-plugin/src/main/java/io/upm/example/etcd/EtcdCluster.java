package io.upm.example.etcd;

import io.upm.example.etcd.EtcdApi.Member;
import io.upm.example.etcd.EtcdApi.Members;
import io.upm.example.etcd.EtcdApi.State;
import io.upm.example.etcd.EtcdClusterSpec.Server;
import io.upm.spi.Problem;
import io.upm.spi.topology.*;
import io.upm.spi.topology.NodeReport.Route;
import io.upm.spi.topology.TopologyDescriptor.Column;
import module java.base;

/** Makes units members of one cluster, one at a time, and lets them go, so that a majority is never at stake. */
final class EtcdCluster implements TopologyManager<EtcdClusterSpec, EtcdCluster.Observed> {
  static final String KIND = "EtcdCluster";
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final TopologyDescriptor<EtcdClusterSpec> DESCRIPTOR =
      new TopologyDescriptor<>(KIND, "etcdclusters", "etcd", EtcdClusterSpec.class, "upm.example/etcd",
          List.of("Leader", "Follower", "Learner"), List.of(new Column("LEADER", ".status.source")));
  private static final String CLUSTER = "cluster";

  /** What one server says; who is a member only if it leads. */
  record Seen(State state, Optional<Members> members) {}

  /** All that is decided on. */
  record Observed(Instant at, Map<String, Reading<Seen>> servers) {
    Optional<State> state(String name) {
      return Optional.ofNullable(servers.get(name)).flatMap(Reading::value).map(Seen::state);
    }

    /** Of the servers that answer, by the id that each has in its cluster. */
    Map<String, State> byId() {
      return servers.values().stream().flatMap(reading -> reading.value().stream()).map(Seen::state)
          .collect(Collectors.toMap(State::id, Function.identity(), (one, other) -> one));
    }
  }

  /** The leader of the cluster that is taken for the one. */
  private record Lead(String name, State state, List<Member> members) {
    boolean has(State other) {
      return other.cluster().equals(state.cluster()) && members.stream().anyMatch(one -> one.id().equals(other.id()));
    }
  }

  @Override
  public TopologyDescriptor<EtcdClusterSpec> descriptor() {
    return DESCRIPTOR;
  }

  /** What isn't right is said by the annotations of the record. */
  @Override
  public List<Problem> validate(EtcdClusterSpec spec) {
    return List.of();
  }

  @Override
  public List<Endpoint> endpoints(EtcdClusterSpec spec) {
    return spec.members().stream().map(Server::endpoint).toList();
  }

  @Override
  public List<CredentialRef> credentials(EtcdClusterSpec spec) {
    return List.of();
  }

  @Override
  public String serviceType(EtcdClusterSpec spec) {
    return spec.serviceType();
  }

  @Override
  public Observed observe(EtcdClusterSpec spec, Nodes nodes) {
    return new Observed(nodes.now(), nodes.readAll(LIMIT, node -> {
      State state = api(node).state();
      return new Seen(state, state.leads() ? Optional.of(api(node).members()) : Optional.empty());
    }));
  }

  @Override
  public Decision decide(EtcdClusterSpec spec, Observed observed, Memory memory) {
    return lead(spec, observed, memory)
        .map(lead -> {
          Map<String, String> facts = Map.of(CLUSTER, lead.state().cluster());
          if (memory.source().equals(Optional.of(lead.name())) && memory.facts().equals(facts)) {
            return change(spec, observed, lead);
          }
          var next = new Memory(memory.epoch() + 1, Optional.of(lead.name()), memory.intent(), facts);
          return new Decision.Remember(next, lead.name() + " leads the cluster");
        })
        .orElseGet(() -> await(observed, "a leader that a majority of the members follows"));
  }

  /** At most one member is changed, and the next only when a fresh look shows what came of it. */
  private static Decision change(EtcdClusterSpec spec, Observed observed, Lead lead) {
    List<String> wanted = spec.members().stream().map(Server::peerUrl).toList();
    Map<String, State> answering = observed.byId();
    List<Member> voters = lead.members().stream().filter(member -> !member.learner()).toList();
    for (Member member : lead.members()) {
      boolean surplus = !wanted.contains(member.peerUrl());
      List<Member> others = voters.stream().filter(other -> !other.equals(member)).toList();
      List<Member> well = others.stream().filter(other -> answering.containsKey(other.id())).toList();
      if (member.id().equals(lead.state().id()) && (surplus || spec.yielding().equals(Optional.of(lead.name())))) {
        return well.stream().filter(other -> wanted.contains(other.peerUrl())).findFirst()
            .map(heir -> perform("move-leader", lead, "ID", heir.id(), "it is about to go, another leads"))
            .orElseGet(() -> await(observed, "another member that can lead"));
      }
      if (surplus) {
        return well.size() > others.size() / 2
            ? perform("remove-member", lead, "ID", member.id(), member.peerUrl() + " is not wanted any more")
            : await(observed, "enough members to go on without " + member.peerUrl());
      }
      if (member.learner()) {
        State learner = answering.get(member.id());
        return learner != null && learner.applied() * 10 >= lead.state().applied() * 9
            ? perform("promote-member", lead, "ID", member.id(), member.peerUrl() + " has the data, and votes")
            : await(observed, member.peerUrl() + " to have the data");
      }
    }
    return wanted.stream().filter(url -> lead.members().stream().noneMatch(one -> one.peerUrl().equals(url))).findFirst()
        .map(url -> perform("add-member", lead, "URL", url, url + " may join"))
        .orElseGet(Decision.Nothing::new);
  }

  private static Decision perform(String kind, Lead lead, String argument, String value, String reason) {
    return new Decision.Perform(new Step(kind, lead.name(), Map.of(argument, value), reason));
  }

  private static Decision await(Observed observed, String what) {
    return new Decision.WaitFor(what, observed.at().plusSeconds(1), "see to the members that are not ready");
  }

  /** The cluster that is remembered; another one, which a restored snapshot gives, only when a majority is in it. */
  private static Optional<Lead> lead(EtcdClusterSpec spec, Observed observed, Memory memory) {
    String known = memory.facts().getOrDefault(CLUSTER, "");
    return observed.servers().entrySet().stream()
        .flatMap(server -> server.getValue().value().stream().flatMap(seen -> seen.members().stream()
            .map(members -> new Lead(server.getKey(), seen.state(), members.all()))))
        .filter(lead -> known.isEmpty() || known.equals(lead.state().cluster())
            || observed.byId().values().stream().filter(lead::has).count() > spec.members().size() / 2)
        .min(Comparator.comparing(lead -> !known.equals(lead.state().cluster())));
  }

  @Override
  public void act(Step step, EtcdClusterSpec spec, Nodes nodes) {
    nodes.on(step.node(), LIMIT, node -> act(step, api(node)));
  }

  /** Looks again before: a step that somebody has done meanwhile is done. */
  private static boolean act(Step step, EtcdApi api) throws IOException {
    List<Member> members = api.members().all();
    if (step.kind().equals("add-member")) {
      String url = step.argument("URL");
      if (members.stream().noneMatch(member -> member.peerUrl().equals(url))) {
        api.post("/v3/cluster/member/add", Map.of("peerURLs", List.of(url), "isLearner", true));
      }
      return true;
    }
    String id = step.argument("ID");
    if (members.stream().anyMatch(member -> member.id().equals(id))) {
      switch (step.kind()) {
        case "move-leader" -> api.post("/v3/maintenance/transfer-leadership", Map.of("targetID", id));
        case "promote-member" -> api.post("/v3/cluster/member/promote", Map.of("ID", id));
        default -> api.post("/v3/cluster/member/remove", Map.of("ID", id));
      }
    }
    return true;
  }

  @Override
  public TopologyReport report(EtcdClusterSpec spec, Observed observed, Memory memory) {
    Optional<Lead> lead = lead(spec, observed, memory);
    List<NodeReport> nodes = spec.members().stream().map(server -> node(server, observed, lead)).toList();
    String message = Stream.of(
            nodes.stream().filter(node -> !node.ready()).map(node -> node.name() + ": " + node.problem()),
            lead.filter(one -> one.members().size() > nodes.size()).map(one -> "a member is yet to leave").stream(),
            lead.map(Lead::name).filter(one -> spec.yielding().equals(Optional.of(one))).map(one -> one + " still leads").stream())
        .flatMap(Function.identity())
        .collect(Collectors.joining("; "));
    return new TopologyReport(nodes, message.isEmpty(), message.isEmpty() ? "all %d members vote".formatted(nodes.size()) : message);
  }

  private static NodeReport node(Server server, Observed observed, Optional<Lead> lead) {
    Reading<Seen> reading = observed.servers().get(server.name());
    Optional<State> state = observed.state(server.name());
    Optional<State> member = state.filter(one -> lead.filter(found -> found.has(one)).isPresent());
    String problem = state.isEmpty() ? "no answer: " + (reading == null ? "" : reading.why())
        : lead.isEmpty() ? "there is no leader"
        : member.isEmpty() ? "it is in another cluster: empty its volume and delete its Pod, and it joins"
        : state.get().learner() ? "it copies the data" : "";
    String role = member.map(one -> one.learner() ? "Learner" : one.leads() ? "Leader" : "Follower").orElse("None");
    Optional<Route> route = role.equals("Leader") ? Optional.of(Route.READWRITE)
        : role.equals("Follower") ? Optional.of(Route.READONLY) : Optional.empty();
    return new NodeReport(server.name(), role, problem.isEmpty(), problem, OptionalLong.empty(), "", route, Map.of());
  }

  @Override
  public Optional<EtcdClusterSpec> specFor(SetView set, Optional<EtcdClusterSpec> current) {
    if (!set.mode().equals(EtcdPlugin.CLUSTER) || set.units().isEmpty()) {
      return Optional.empty();
    }
    List<Server> members = set.units().stream().map(unit -> new Server(unit.name(), unit.host(), unit.port())).toList();
    return Optional.of(new EtcdClusterSpec(members, set.restarting(), set.serviceType()));
  }

  @Override
  public Optional<String> successor(EtcdClusterSpec spec, String node) {
    return spec.members().stream().map(Server::name).filter(name -> !name.equals(node)).findFirst();
  }

  private static EtcdApi api(Node node) {
    return new EtcdApi(node.endpoint().host(), node.endpoint().port());
  }
}
