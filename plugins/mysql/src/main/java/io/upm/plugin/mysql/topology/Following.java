package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.client.Channel;
import io.upm.plugin.mysql.client.Channel.Receiver;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.plugin.mysql.client.ServerState.SemiSync;
import io.upm.plugin.mysql.topology.Situation.Known;
import io.upm.spi.topology.Step;
import java.util.Optional;
import java.util.Set;

/**
 * One replica and the source that it is to follow: what is wrong, and the next step that mends it.
 * Pure.
 *
 * @param replica not isolated
 * @param source the current source
 * @param semiSync whether the mode is semi-synchronous
 * @param user account that replicas log in with
 */
record Following(Known replica, Known source, boolean semiSync, String user) {
  /** A stopped thread is started again this long after its error, in case that has passed. */
  private static final long RETRY_SECONDS = 60;

  /** The replica asks for transactions that the source has purged, or has some of its own. */
  private static final Set<Integer> FATAL_RECEIVER_ERRORS = Set.of(1236, 13114, 13117, 13121);

  /**
   * Rows, tables or accounts that are not what the source's changes say they are: trying again
   * changes nothing.
   */
  private static final Set<Integer> CONFLICTS =
      Set.of(1007, 1008, 1032, 1050, 1051, 1054, 1060, 1061, 1062, 1091, 1146, 1396, 1452);

  private static final int ACCESS_DENIED = 1045;
  private static final String REBUILD =
      "build it anew: delete its data volume, or restore a copy of the source into it";

  /**
   * What UPM can't mend by itself.
   *
   * @param problem one sentence
   * @param unblock what the user can do
   */
  record Stuck(String problem, String unblock) {}

  static Following of(Situation situation, Known source, Known replica) {
    return new Following(
        replica, source, situation.semiSync(), situation.spec().secret().replication());
  }

  /** Whether replication is set up as it should be, be it running or not. */
  boolean isSetUp() {
    return replica.state().channel().filter(this::leadsToSource).isPresent();
  }

  private boolean leadsToSource(Channel channel) {
    Channel.Upstream upstream = channel.source();
    return source.member().isAt(upstream.host(), upstream.port())
        && upstream.user().equals(user)
        && upstream.autoPosition();
  }

  /** What keeps this replica from being mended; nothing is done about it while that is so. */
  Optional<Stuck> stuck() {
    String name = replica.name();
    if (!replica.state().identity().gtidMode()) {
      return stuck(
          name + " does not name its transactions by GTID",
          "set gtid_mode=ON and enforce_gtid_consistency=ON on it");
    }
    if (replica.state().otherChannels() > 0) {
      return stuck(
          name + " has further replication channels, which UPM does not manage",
          "remove them with RESET REPLICA ALL FOR CHANNEL");
    }
    GtidSet own = errant();
    if (!own.isEmpty()) {
      return stuck(
          Failure.shortened(
              "%s has transactions that the source %s lacks: %s"
                  .formatted(name, source.name(), own)),
          "look at them in its binary log; then either commit empty transactions with these GTIDs"
              + " on the source, or "
              + REBUILD);
    }
    return isSetUp() ? brokenDown() : outOfReach();
  }

  /**
   * What it has and the source lacks. A commit that waits for its acknowledgement is received, and
   * may be applied, before the source counts it as executed; and a receiver that the source has let
   * in has nothing else of the source's own.
   */
  private GtidSet errant() {
    GtidSet beyond = replica.beyond(source);
    boolean letIn =
        isSetUp()
            && replica
                .state()
                .channel()
                .filter(channel -> channel.receiver() == Receiver.YES)
                .isPresent();
    return letIn && source.state().isOpen()
        ? beyond.fromOthersThan(source.state().identity().uuid())
        : beyond;
  }

  private Optional<Stuck> outOfReach() {
    GtidSet gone = source.state().gtids().purged().minus(replica.state().gtids().executed());
    return gone.isEmpty()
        ? Optional.empty()
        : stuck(
            "%s needs transactions that the source %s has removed from its binary logs"
                .formatted(replica.name(), source.name()),
            REBUILD);
  }

  private Optional<Stuck> brokenDown() {
    Channel channel = replica.state().channel().orElseThrow();
    int received = channel.receiverError().code();
    int applied = channel.applierError().code();
    if (channel.receiver() == Receiver.NO && FATAL_RECEIVER_ERRORS.contains(received)) {
      return stuck(
          "%s can't fetch from the source %s (error %d)"
              .formatted(replica.name(), source.name(), received),
          REBUILD);
    }
    if (received == ACCESS_DENIED) {
      return stuck(
          "the source %s refuses the login of %s as \"%s\""
              .formatted(source.name(), replica.name(), user),
          "make the account's password on the source that of the Secret");
    }
    return !channel.applier() && CONFLICTS.contains(applied)
        ? stuck(
            "%s can't apply what it received (error %d): its data differs from the source's"
                .formatted(replica.name(), applied),
            REBUILD)
        : Optional.empty();
  }

  private static Optional<Stuck> stuck(String problem, String unblock) {
    return Optional.of(new Stuck(problem, unblock));
  }

  /** The next step, if there is one and nothing is stuck. */
  Optional<Step> step() {
    if (stuck().isPresent()) {
      return Optional.empty();
    }
    Optional<Channel> channel = replica.state().channel();
    if (!isSetUp()) {
      return Optional.of(
          Steps.follow(
              replica,
              source,
              semiSync,
              channel.isEmpty()
                  ? "%s does not replicate yet".formatted(replica.name())
                  : "%s replicates from elsewhere".formatted(replica.name())));
    }
    if (mustStart(channel.orElseThrow())) {
      return Optional.of(
          Steps.start(replica, source, "replication of %s is stopped".formatted(replica.name())));
    }
    return semiSyncStep(channel.orElseThrow());
  }

  private static boolean mustStart(Channel channel) {
    boolean receiver = channel.receiver() == Receiver.NO && isDue(channel.receiverError());
    boolean applier = !channel.applier() && isDue(channel.applierError());
    return receiver || applier;
  }

  private static boolean isDue(Channel.Error error) {
    return !error.present() || error.ageSeconds() >= RETRY_SECONDS;
  }

  private Optional<Step> semiSyncStep(Channel channel) {
    SemiSync state = replica.state().semiSync();
    if (!state.loaded()) {
      return Optional.empty();
    }
    if (state.sourceEnabled()) {
      // Its applier would wait for replicas of its own.
      return Optional.of(
          Steps.semiSyncSource(
              replica, false, "%s is a replica and waits for nobody".formatted(replica.name())));
    }
    boolean wrong = state.replicaEnabled() != semiSync;
    boolean silent =
        semiSync
            && channel.receiver() == Receiver.YES
            && !state.replicaActive()
            && source.state().semiSync().loaded();
    boolean chatty = !semiSync && state.replicaActive();
    return wrong || silent || chatty
        ? Optional.of(
            Steps.semiSyncReplica(
                replica,
                semiSync,
                "%s is to %s what it receives"
                    .formatted(replica.name(), semiSync ? "acknowledge" : "no longer acknowledge")))
        : Optional.empty();
  }

  /** What is wrong and passes by itself or with the next steps; for reports. */
  Optional<String> trouble() {
    Optional<Channel> channel = replica.state().channel();
    if (!isSetUp()) {
      return Optional.of(
          channel.isEmpty() ? "it does not replicate yet" : "it replicates from elsewhere");
    }
    Channel present = channel.orElseThrow();
    if (present.applierError().present()) {
      return Optional.of("applying failed (error %d)".formatted(present.applierError().code()));
    }
    if (present.receiver() != Receiver.YES) {
      return Optional.of(
          present.receiverError().present()
              ? "it can't reach the source (error %d)".formatted(present.receiverError().code())
              : "it is not connected to the source");
    }
    if (!present.applier()) {
      return Optional.of("it does not apply what it receives");
    }
    return semiSync && !replica.state().semiSync().replicaActive()
        ? Optional.of("it does not acknowledge what it receives")
        : Optional.empty();
  }
}
