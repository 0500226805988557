package io.upm.example.etcd;

import io.upm.example.etcd.EtcdApi.Member;
import io.upm.example.etcd.EtcdApi.Members;
import io.upm.spi.PluginException;
import io.upm.spi.instance.*;
import module java.base;

/**
 * Beside each member. The first unit of a set begins a cluster if it finds none; all others, and the first when it has
 * lost its volume, wait until {@link EtcdCluster} has made them members.
 */
final class EtcdLifecycle implements EngineLifecycle {
  private static final String NEW = "new";
  private static final int ATTEMPTS = 60;

  /** What another unit says: who is a member, as far as it knows what a majority agrees on. */
  private record Other(EtcdApi api, Optional<Members> members) {}

  @Override
  public boolean isInitialized(Instance instance) {
    return Files.exists(EtcdFiles.of(instance).cluster());
  }

  @Override
  public void initialize(Instance instance) {
    boolean mayBegin = instance.identity().ordinal() == 0 || instance.mode().isEmpty();
    for (int attempt = 0; attempt < ATTEMPTS && !Thread.currentThread().isInterrupted(); attempt++) {
      Optional<Other> other = other(instance);
      Optional<Members> members = other.flatMap(Other::members);
      Optional<Member> self = members.flatMap(all -> all.at(peerUrl(instance)));
      boolean begins = other.isEmpty() && mayBegin;
      if (begins || self.filter(member -> member.name().isEmpty()).isPresent()) {
        EtcdFiles.of(instance).belongsTo(begins ? NEW : members.orElseThrow().cluster());
        return;
      }
      // It ran before, and its volume is empty: what it promised is lost. etcd refuses this where it costs the majority.
      self.ifPresent(member -> EtcdFiles.doing("leave the cluster", () ->
          other.orElseThrow().api().post("/v3/cluster/member/remove", Map.of("ID", member.id()))));
      LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
    }
    throw waits("the others to make it a member");
  }

  @Override
  public ProcessSpec start(Instance instance) {
    EtcdFiles files = EtcdFiles.of(instance);
    var command = new ArrayList<>(List.of("etcd"));
    command.addAll(files.lines(instance.layout().config().resolve(EtcdConfig.FILE)));
    String cluster = String.join("", files.lines(files.cluster()));
    if (files.hasData()) {
      comeBack(instance, files, cluster);
    } else if (cluster.equals(NEW)) {
      command.add("--initial-cluster=" + instance.identity().unit() + "=" + peerUrl(instance));
      // So that a cluster that is begun once more is never taken for the one before.
      command.add("--initial-cluster-token=" + UUID.randomUUID());
    } else if (!cluster.isEmpty()) {
      Members members = other(instance).flatMap(Other::members).orElseThrow(() -> waits("a majority of the members to answer"));
      command.add("--initial-cluster-state=existing");
      command.add("--initial-cluster=" + members.all().stream()
          .map(member -> (member.name().isEmpty() ? instance.identity().unit() : member.name()) + "=" + member.peerUrl())
          .collect(Collectors.joining(",")));
    }
    return new ProcessSpec(command, Map.of(), instance.layout().data());
  }

  /** Whoever was removed, by scaling in, and is wanted again on the volume that it left, joins anew. */
  private static void comeBack(Instance instance, EtcdFiles files, String cluster) {
    Optional<Members> members = other(instance).flatMap(Other::members).filter(all -> all.cluster().equals(cluster));
    if (members.isPresent() && members.get().at(peerUrl(instance)).filter(member -> !member.name().isEmpty()).isEmpty()) {
      EtcdFiles.doing("forget the cluster", () -> Files.deleteIfExists(files.cluster()));
      files.putAside();
      throw PluginException.retryable("it was removed from the cluster, and joins anew", null);
    }
  }

  /** etcd hands leadership over by itself when it is asked to stop. */
  @Override
  public StopRequest stop(Instance instance, Duration budget) {
    return new StopRequest(StopRequest.Signal.TERM, budget);
  }

  @Override
  public Health probe(Instance instance) {
    EtcdApi.State state;
    try {
      state = new EtcdApi("127.0.0.1", EtcdFiles.clientPort(instance)).state();
    } catch (IOException e) {
      return Health.down("no answer: " + e.getMessage());
    }
    EtcdFiles files = EtcdFiles.of(instance);
    if (!files.lines(files.cluster()).equals(List.of(state.cluster()))) {
      files.belongsTo(state.cluster());
    }
    if (state.learner()) {
      return Health.notReady("it copies the data, and votes when it has them");
    }
    return state.leader().equals("0")
        ? Health.notReady("there is no leader: too few members see each other")
        : new Health(true, true, state.leads() ? "leader" : "follower", "", Map.of(), Map.of());
  }

  /** One that runs, best one that knows the members. */
  private static Optional<Other> other(Instance instance) {
    Optional<Other> found = Optional.empty();
    for (Peer peer : instance.mode().isEmpty() ? List.<Peer>of() : instance.peers()) {
      var api = new EtcdApi(peer.host(), EtcdFiles.clientPort(instance));
      try {
        if (peer.ordinal() != instance.identity().ordinal() && !api.state().id().isEmpty()) {
          found = Optional.of(new Other(api, Optional.empty()));
          return Optional.of(new Other(api, Optional.of(api.members())));
        }
      } catch (IOException e) {
        // The next one may know more.
      }
    }
    return found;
  }

  private static String peerUrl(Instance instance) {
    return EtcdFiles.peerUrl(instance.identity().host());
  }

  private static PluginException waits(String what) {
    return PluginException.retryable("it waits for " + what, null);
  }
}
