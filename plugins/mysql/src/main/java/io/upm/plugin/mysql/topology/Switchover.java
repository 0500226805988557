package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.client.Channel;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.plugin.mysql.client.ServerState;
import io.upm.plugin.mysql.topology.Situation.Known;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Decision.Perform;
import io.upm.spi.topology.Decision.Remember;
import io.upm.spi.topology.Intent;
import io.upm.spi.topology.Memory;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A planned change of the source: {@code spec.source} was changed to another server while the
 * source is well. Pure. A source that came to be without the wish being changed, as when a running
 * cluster was described, stays: nothing fails back by itself.
 *
 * <ol>
 *   <li>Nothing begins unless the candidate follows closely and lacks nothing of what a source
 *       needs.
 *   <li>The old source is closed. What it has executed by then is all that was ever acknowledged.
 *   <li>The candidate applies all of that, and stops replicating.
 *   <li>It is remembered as the source, at a new epoch: the point without return. What is left to
 *       do is what is done for any source: {@link OpenSource}, and {@link Following} for the
 *       others. Routes lead to it once it is open.
 * </ol>
 *
 * At the deadline, or as soon as the candidate fails, the intent is dropped, and the old source is
 * opened again as after a restart.
 */
final class Switchover {
  static final String KIND = "switchover";

  /** Writes are refused for no longer than that. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  /** How long after an abandoned attempt the next one begins. */
  static final Duration RETRY = Duration.ofMinutes(5);

  /** Note: the server that is relieved. */
  static final String FROM = "from";

  /** Note: its {@code server_uuid}. */
  static final String FROM_UUID = "fromUuid";

  private static final String ABANDONED = "abandonedSwitchover";
  private static final String ABANDONED_AT = "abandonedAt";
  private static final String ABANDONED_WHY = "abandonedWhy";

  /** A candidate further behind would keep clients from writing for as long. */
  private static final long MOST_LAG_SECONDS = 5;

  private final Situation situation;
  private final Intent intent;

  private Switchover(Situation situation, Intent intent) {
    this.situation = situation;
    this.intent = intent;
  }

  /**
   * Begins, or says why not yet.
   *
   * @param source known and open
   */
  static Decision begin(Situation situation, Known source) {
    String wanted = situation.spec().source().name();
    return unchanged(situation, source, wanted)
        .or(() -> pause(situation, wanted))
        .or(() -> obstacle(situation, source, wanted))
        .orElseGet(() -> remember(situation, source, wanted));
  }

  /** Goes on with one that has begun, or gives it up. */
  static Decision resume(Situation situation, Intent intent) {
    return new Switchover(situation, intent).next();
  }

  /**
   * Notes what the spec wishes while that is what is, so that the next change of it shows; and
   * drops what is known of attempts by then.
   */
  static Optional<Decision> settle(Situation situation, Known source) {
    Memory memory = situation.memory();
    String wish = situation.spec().source().name();
    boolean unnoted = !memory.facts().containsKey(Situation.WISH);
    boolean fulfilled =
        wish.equals(source.name())
            && (memory.facts().containsKey(ABANDONED)
                || !wish.equals(memory.facts().get(Situation.WISH)));
    if (!unnoted && !fulfilled) {
      return Optional.empty();
    }
    Map<String, String> facts = withoutAttempt(memory);
    facts.put(Situation.WISH, wish);
    return Optional.of(
        new Remember(withFacts(memory, facts), "the spec wants %s as the source".formatted(wish)));
  }

  private static Optional<Decision> unchanged(Situation situation, Known source, String wanted) {
    return wanted.equals(situation.memory().facts().get(Situation.WISH))
        ? Optional.of(
            situation.waitFor(
                "the source is %s; it is %s".formatted(wanted, source.name()),
                "set spec.source to %s; if %s is to take over, change it back after that"
                    .formatted(source.name(), wanted)))
        : Optional.empty();
  }

  private static Optional<Decision> pause(Situation situation, String wanted) {
    Map<String, String> facts = situation.memory().facts();
    if (!wanted.equals(facts.get(ABANDONED))) {
      return Optional.empty();
    }
    Instant again =
        Instant.parse(facts.getOrDefault(ABANDONED_AT, Instant.EPOCH.toString())).plus(RETRY);
    return situation.at().isBefore(again)
        ? Optional.of(
            new Decision.WaitFor(
                "another attempt to make %s the source; the last was abandoned: %s"
                    .formatted(wanted, facts.getOrDefault(ABANDONED_WHY, "")),
                again,
                "mend what is in the way, or set spec.source back"))
        : Optional.empty();
  }

  private static Optional<Decision> obstacle(Situation situation, Known source, String wanted) {
    Optional<Known> candidate = situation.known(wanted);
    Optional<String> why =
        candidate.isEmpty()
            ? Optional.of("it can't be reached")
            : unfit(situation, source, candidate.get()).or(() -> late(candidate.get()));
    return why.map(reason ->
        situation.waitFor(
            "%s can take over from the source %s: %s".formatted(wanted, source.name(), reason),
            "mend %s, or set spec.source back to %s".formatted(wanted, source.name())));
  }

  /** What would keep a server from being a source, or from getting all data of the present one. */
  private static Optional<String> unfit(Situation situation, Known source, Known candidate) {
    var following = Following.of(situation, source, candidate);
    if (following.stuck().isPresent()) {
      return following.stuck().map(Following.Stuck::problem);
    }
    ServerState state = candidate.state();
    if (!state.identity().binaryLog()) {
      return Optional.of("it has no binary log");
    }
    if (situation.semiSync() && !state.semiSync().loaded()) {
      return Optional.of("it lacks the semi-synchronous plugins");
    }
    return Optional.empty();
  }

  private static Optional<String> late(Known candidate) {
    Optional<Channel> channel = candidate.state().channel();
    boolean runs =
        channel.filter(one -> one.receiver() == Channel.Receiver.YES && one.applier()).isPresent();
    if (!runs) {
      return Optional.of("it does not replicate");
    }
    long lag = channel.orElseThrow().lagSeconds().orElse(Long.MAX_VALUE);
    return lag > MOST_LAG_SECONDS
        ? Optional.of("it is more than %d seconds behind".formatted(MOST_LAG_SECONDS))
        : Optional.empty();
  }

  private static Decision remember(Situation situation, Known source, String wanted) {
    Memory memory = situation.memory();
    var intent =
        new Intent(
            KIND,
            wanted,
            memory.epoch() + 1,
            situation.at(),
            situation.at().plus(LIMIT),
            Map.of(FROM, source.name(), FROM_UUID, source.state().identity().uuid()));
    return new Remember(
        withFacts(memory, withoutAttempt(memory)).withIntent(intent),
        "%s is to take over from %s".formatted(wanted, source.name()));
  }

  private Decision next() {
    Optional<Known> candidate = situation.known(intent.target());
    return reasonToAbandon(candidate)
        .map(this::abandon)
        .orElseGet(() -> step(candidate.orElseThrow()));
  }

  private Optional<String> reasonToAbandon(Optional<Known> candidate) {
    if (!situation.spec().source().name().equals(intent.target())) {
      return Optional.of("the spec wants another source");
    }
    if (candidate.isEmpty()) {
      return Optional.of("%s can't be reached".formatted(intent.target()));
    }
    if (!candidate.get().state().isClosed()) {
      return Optional.of("%s was made writable by somebody else".formatted(intent.target()));
    }
    if (!situation.at().isBefore(intent.deadline())) {
      return Optional.of(
          "it was not done within %d s: %s".formatted(LIMIT.toSeconds(), lacking(candidate.get())));
    }
    return old()
        .flatMap(source -> {
          if (!source.state().identity().uuid().equals(intent.notes().get(FROM_UUID))) {
            return Optional.of("%s is not the server that it was".formatted(source.name()));
          }
          return replicating(candidate.get())
              ? unfit(situation, source, candidate.get())
              : Optional.empty();
        });
  }

  private Optional<Known> old() {
    return situation.known(intent.notes().getOrDefault(FROM, ""));
  }

  private static boolean replicating(Known candidate) {
    return candidate.state().channel().isPresent();
  }

  private String lacking(Known candidate) {
    return old()
        .map(source -> source.state().gtids().executed())
        .map(all -> all.minus(candidate.state().gtids().executed()))
        .filter(missing -> !missing.isEmpty())
        .map(missing -> Failure.shortened("%s lacks %s".formatted(candidate.name(), missing)))
        .orElse("the source could not be closed, or not be reached");
  }

  private Decision step(Known candidate) {
    Optional<Known> source = old();
    if (source.isEmpty()) {
      return await(
          "%s, the source until now, can be reached".formatted(intent.notes().get(FROM)),
          "bring it back; what it has acknowledged can't be known otherwise");
    }
    Known old = source.get();
    if (!old.state().isClosed()) {
      return new Perform(
          Steps.close(old, "%s is to take over from %s".formatted(candidate.name(), old.name())));
    }
    GtidSet missing = old.state().gtids().executed().minus(candidate.state().gtids().executed());
    if (!missing.isEmpty()) {
      return replicating(candidate)
          ? await(
              Failure.shortened(
                  "%s has every transaction of %s; it lacks %s"
                      .formatted(candidate.name(), old.name(), missing)),
              "nothing needs to be done: at the deadline %s takes writes again"
                  .formatted(old.name()))
          : abandon(
              "%s has stopped replicating and lacks transactions".formatted(candidate.name()));
    }
    return promote(candidate, old);
  }

  /** The old source is closed, and the candidate has everything that it has. */
  private Decision promote(Known candidate, Known old) {
    if (candidate.state().channel().filter(Channel::isActive).isPresent()) {
      return new Perform(
          Steps.stop(
              candidate, "%s has everything that %s has".formatted(candidate.name(), old.name())));
    }
    return FirstSource.adopt(situation.with(situation.memory().withoutIntent()), candidate);
  }

  private Decision abandon(String why) {
    Memory memory = situation.memory();
    Map<String, String> facts = withoutAttempt(memory);
    facts.put(ABANDONED, intent.target());
    facts.put(ABANDONED_AT, situation.at().toString());
    facts.put(ABANDONED_WHY, why);
    return new Remember(
        withFacts(memory.withoutIntent(), facts),
        "the switchover to %s is abandoned: %s".formatted(intent.target(), why));
  }

  private Decision await(String predicate, String unblock) {
    return new Decision.WaitFor(predicate, intent.deadline(), unblock);
  }

  private static Memory withFacts(Memory memory, Map<String, String> facts) {
    return new Memory(memory.epoch(), memory.source(), memory.intent(), facts);
  }

  private static Map<String, String> withoutAttempt(Memory memory) {
    var facts = new HashMap<>(memory.facts());
    facts.remove(ABANDONED);
    facts.remove(ABANDONED_AT);
    facts.remove(ABANDONED_WHY);
    return facts;
  }
}
