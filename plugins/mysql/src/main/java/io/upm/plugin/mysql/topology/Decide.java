package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.client.Channel;
import io.upm.plugin.mysql.client.ServerState.SemiSync;
import io.upm.plugin.mysql.topology.MysqlReplicationSpec.Member;
import io.upm.plugin.mysql.topology.Situation.Known;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Decision.Perform;
import io.upm.spi.topology.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The one next step of a replication topology. Pure.
 *
 * <ol>
 *   <li>Nothing is done while two names stand for one server.
 *   <li>Without a remembered source: {@link FirstSource}.
 *   <li>Every server but the source is made read-only, unless it holds data that would be lost to
 *       users by that.
 *   <li>The source is opened: {@link OpenSource}.
 *   <li>Replicas, one after the other: {@link Following}. Isolated ones are stopped.
 *   <li>Semi-synchronous commits are switched on last, when enough replicas acknowledge, and off
 *       first.
 * </ol>
 *
 * Invariants: no step touches a server that did not answer; no step makes one writable while
 * another that answered is; an unknown server is neither alive nor dead, so nothing is promoted in
 * its place. A {@link Switchover} is an intent: it begins where a source is wanted that is not the
 * current one, and goes on where one is found.
 */
final class Decide {
  private final Situation situation;

  private Decide(Situation situation) {
    this.situation = situation;
  }

  static Decision decide(Situation situation) {
    var decide = new Decide(situation);
    return decide
        .twins()
        .or(decide::intent)
        .orElseGet(() ->
            situation
                .memory()
                .source()
                .map(decide::withSource)
                .orElseGet(() -> FirstSource.decide(situation)));
  }

  private Optional<Decision> intent() {
    return situation
        .memory()
        .intent()
        .map(intent ->
            intent.kind().equals(Switchover.KIND)
                ? Switchover.resume(situation, intent)
                : situation.waitFor(
                    "%s of %s ends, which this version of the plugin does not know"
                        .formatted(intent.kind(), intent.target()),
                    "use the version of the plugin that began it"));
  }

  private Optional<Decision> twins() {
    Map<String, String> names = new HashMap<>();
    for (Known server : situation.known()) {
      String twin = names.put(server.state().identity().uuid(), server.name());
      if (twin != null) {
        return Optional.of(
            situation.waitFor(
                "%s and %s are different servers; they have the same server_uuid"
                    .formatted(twin, server.name()),
                "correct the hosts in the spec, or, if one is a copy of the other, remove its"
                    + " auto.cnf and restart it"));
      }
    }
    return Optional.empty();
  }

  private Decision withSource(String name) {
    Optional<Member> member = situation.member(name);
    if (member.isEmpty()) {
      return situation.waitFor(
          "%s, which is the source, is in the spec".formatted(name),
          "put it back into the spec: another source can't be chosen while nobody knows whether it"
              + " takes writes");
    }
    return situation
        .known(name)
        .map(this::withKnownSource)
        .orElseGet(() -> withUnknownSource(member.get()));
  }

  /** It may well be serving its clients: all that is done is to keep others from taking writes. */
  private Decision withUnknownSource(Member source) {
    return first(
            () ->
                situation.known().stream()
                    .filter(other -> !other.state().isClosed())
                    .filter(other -> !other.name().equals(situation.spec().source().name()))
                    .findFirst()
                    .map(other -> new Perform(closing(other, source.name()))),
            this::isolation)
        .orElseGet(() ->
            situation.waitFor(
                "the source %s can be reached".formatted(source.name()),
                "bring it back; no other server is promoted in its place"));
  }

  private Decision withKnownSource(Known source) {
    return first(
            () -> identity(source),
            () -> succession(source),
            () -> rivals(source),
            () ->
                source.state().isOpen()
                    ? Optional.empty()
                    : Optional.of(OpenSource.decide(situation, source)),
            () -> semiSyncOff(source),
            this::isolation,
            () -> following(source),
            () -> otherWish(source).filter(Decision.Remember.class::isInstance),
            () -> Switchover.settle(situation, source),
            () -> semiSyncOn(source),
            () -> stuck(source),
            () -> otherWish(source),
            this::unknownServers,
            () -> trouble(source))
        .orElseGet(Decision.Nothing::new);
  }

  /** A source with a new identity is another server in its place, most likely an empty one. */
  private Optional<Decision> identity(Known source) {
    String uuid = source.state().identity().uuid();
    Optional<String> remembered = situation.rememberedUuid();
    if (remembered.filter(uuid::equals).isPresent()) {
      return Optional.empty();
    }
    boolean holdsEverything =
        situation.unknown().isEmpty()
            && situation.others(source).stream().allMatch(other -> other.isWithin(source));
    if (remembered.isEmpty() || holdsEverything) {
      return Optional.of(FirstSource.adopt(situation, source));
    }
    if (!source.state().isClosed()) {
      return Optional.of(
          new Perform(
              Steps.close(
                  source,
                  "%s is not the server that it was: its data directory is another one"
                      .formatted(source.name()))));
    }
    return Optional.of(
        situation.waitFor(
            "%s has the data of the source that it was; its data directory is another one"
                .formatted(source.name()),
            "bring its data back, or let every server be reached, if none has more than it"));
  }

  /**
   * Servers that take writes and are not the source. While the source takes none either, the last
   * of those that took some is left as it is: closing it would only add an outage to what the user
   * has to decide.
   */
  private Optional<Decision> rivals(Known source) {
    List<Known> rivals =
        situation.others(source).stream().filter(other -> !other.state().isClosed()).toList();
    Optional<Known> needless =
        rivals.stream()
            .filter(rival ->
                !source.state().isClosed() || rival.member().isolated() || rival.isWithin(source))
            .findFirst();
    return needless
        .or(() -> rivals.size() > 1 ? Optional.of(least(rivals)) : Optional.empty())
        .map(rival -> new Perform(closing(rival, source.name())));
  }

  /** One whose data another of them holds too, or else the last in the order of the spec. */
  private static Known least(List<Known> rivals) {
    return rivals.stream()
        .filter(one -> rivals.stream().anyMatch(other -> other != one && one.isWithin(other)))
        .reduce((former, latter) -> latter)
        .orElseGet(rivals::getLast);
  }

  private static Step closing(Known other, String source) {
    return Steps.close(
        other, "%s is writable, and %s is the source".formatted(other.name(), source));
  }

  /**
   * Somebody made another server the source by hand, says so in the spec, and it holds everything:
   * so it is.
   */
  private Optional<Decision> succession(Known source) {
    if (!source.state().isClosed() || !situation.unknown().isEmpty()) {
      return Optional.empty();
    }
    return situation
        .known(situation.spec().source().name())
        .filter(wanted -> !wanted.name().equals(source.name()))
        .filter(wanted -> wanted.state().isOpen())
        .filter(
            wanted -> situation.others(wanted).stream().allMatch(other -> other.isWithin(wanted)))
        .map(wanted -> FirstSource.adopt(situation, wanted));
  }

  private Optional<Decision> isolation() {
    return situation.known().stream()
        .filter(server -> server.member().isolated() && !isSource(server))
        .filter(server -> server.state().channel().filter(Channel::isActive).isPresent())
        .findFirst()
        .map(server -> new Perform(Steps.stop(server, "%s is isolated".formatted(server.name()))));
  }

  private Optional<Decision> following(Known source) {
    return replicas(source).stream()
        .flatMap(replica -> Following.of(situation, source, replica).step().stream())
        .findFirst()
        .map(Perform::new);
  }

  private List<Known> replicas(Known source) {
    return situation.others(source).stream()
        .filter(replica -> !replica.member().isolated())
        .toList();
  }

  private Optional<Decision> semiSyncOff(Known source) {
    return !situation.semiSync() && source.state().semiSync().sourceEnabled()
        ? Optional.of(
            new Perform(
                Steps.semiSyncSource(
                    source,
                    false,
                    "commits of %s are not to wait for replicas".formatted(source.name()))))
        : Optional.empty();
  }

  private Optional<Decision> semiSyncOn(Known source) {
    SemiSync state = source.state().semiSync();
    if (!situation.semiSync() || state.sourceEnabled()) {
      return Optional.empty();
    }
    long acknowledging =
        replicas(source).stream()
            .filter(replica -> replica.state().semiSync().replicaActive())
            .filter(replica -> Following.of(situation, source, replica).isSetUp())
            .count();
    if (state.loaded() && acknowledging >= state.needed()) {
      return Optional.of(
          new Perform(
              Steps.semiSyncSource(
                  source,
                  true,
                  "commits of %s are to wait for replicas".formatted(source.name()))));
    }
    return Optional.of(
        situation.waitFor(
            state.loaded()
                ? "%d replicas acknowledge, so that commits can wait for them"
                    .formatted(state.needed())
                : "%s has the semi-synchronous plugins".formatted(source.name()),
            "until then the mode is %s in effect; see what the replicas lack"
                .formatted(MysqlEngine.ASYNC)));
  }

  private Optional<Decision> stuck(Known source) {
    return replicas(source).stream()
        .flatMap(replica -> Following.of(situation, source, replica).stuck().stream())
        .findFirst()
        .map(stuck ->
            situation.waitFor("every replica can follow; " + stuck.problem(), stuck.unblock()));
  }

  private Optional<Decision> otherWish(Known source) {
    return situation.spec().source().name().equals(source.name())
        ? Optional.empty()
        : Optional.of(Switchover.begin(situation, source));
  }

  private Optional<Decision> unknownServers() {
    List<String> unknown = situation.unknown();
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            situation.waitFor(
                "%s can be reached".formatted(unknown.getFirst()),
                "bring it back, or take it out of the spec"));
  }

  private Optional<Decision> trouble(Known source) {
    return replicas(source).stream()
        .filter(replica -> Following.of(situation, source, replica).trouble().isPresent())
        .findFirst()
        .map(replica ->
            situation.waitFor(
                "%s replicates from %s".formatted(replica.name(), source.name()),
                "it is tried again every minute; see the problem of %s in status"
                    .formatted(replica.name())));
  }

  private boolean isSource(Known server) {
    return situation.memory().source().filter(server.name()::equals).isPresent();
  }

  /** The first answer that there is. */
  @SafeVarargs
  private static Optional<Decision> first(Supplier<Optional<Decision>>... questions) {
    for (var question : questions) {
      Optional<Decision> answer = Objects.requireNonNull(question.get());
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }
}
