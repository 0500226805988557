package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.client.Channel;
import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.ServerState;
import io.upm.plugin.mysql.topology.Situation.Known;
import io.upm.spi.topology.Decision;
import java.util.Optional;

/**
 * Makes a source writable that is not: on first set-up, and when it comes back from a restart,
 * which always ends read-only. By then nobody else may be writable, and nobody may hold a
 * transaction that it lacks.
 */
final class OpenSource {
  private OpenSource() {}

  /**
   * @param source known, and not open
   */
  static Decision decide(Situation situation, Known source) {
    return conflict(situation, source)
        .or(() -> missingData(situation, source))
        .or(() -> fitness(situation, source))
        .or(() -> leftoverChannel(situation, source))
        .or(() -> semiSync(situation, source))
        .orElseGet(() ->
            new Decision.Perform(
                Steps.open(
                    source,
                    situation.semiSync(),
                    "%s is the source, and no other server is writable or has more data"
                        .formatted(source.name()))));
  }

  private static Optional<Decision> conflict(Situation situation, Known source) {
    return situation.others(source).stream()
        .filter(other -> !other.state().isClosed())
        .findFirst()
        .map(other ->
            situation.waitFor(
                "no other server is writable; %s is, and has transactions that %s lacks"
                    .formatted(other.name(), source.name()),
                "decide whose data counts: set super_read_only=ON on %1$s and build it anew, or"
                        .formatted(other.name())
                    + " name %s in spec.source once every other server is within it"
                        .formatted(other.name())));
  }

  private static Optional<Decision> missingData(Situation situation, Known source) {
    return situation.others(source).stream()
        .filter(other -> !other.member().isolated() && !other.isWithin(source))
        .findFirst()
        .map(other ->
            situation.waitFor(
                Failure.shortened(
                    "%s has every transaction; %s has some that it lacks: %s"
                        .formatted(source.name(), other.name(), other.beyond(source))),
                "bring the data of %s back, or build %s anew if they don't count"
                    .formatted(source.name(), other.name())));
  }

  private static Optional<Decision> fitness(Situation situation, Known source) {
    ServerState.Identity identity = source.state().identity();
    if (!identity.gtidMode() || !identity.binaryLog()) {
      return Optional.of(
          situation.waitFor(
              "%s has a binary log with GTIDs".formatted(source.name()),
              "set log_bin, gtid_mode=ON and enforce_gtid_consistency=ON on it"));
    }
    return Optional.empty();
  }

  private static Optional<Decision> leftoverChannel(Situation situation, Known source) {
    Optional<Channel> channel = source.state().channel();
    if (channel.isEmpty()) {
      return Optional.empty();
    }
    if (channel.get().isActive()) {
      return Optional.of(
          situation.waitFor(
              "%s does not replicate from %s any more"
                  .formatted(source.name(), channel.get().source().host()),
              "STOP REPLICA and RESET REPLICA ALL on it, or name its source in spec.source"));
    }
    boolean nothingWaits = source.state().gtids().executed().contains(channel.get().retrieved());
    return Optional.of(
        nothingWaits
            ? new Decision.Perform(
                Steps.forget(
                    source, "%s is the source and follows nobody".formatted(source.name())))
            : situation.waitFor(
                "%s has applied everything that it received".formatted(source.name()),
                "START REPLICA SQL_THREAD on it, and wait until it has"));
  }

  private static Optional<Decision> semiSync(Situation situation, Known source) {
    ServerState.SemiSync state = source.state().semiSync();
    if (situation.semiSync() && !state.loaded()) {
      return Optional.of(
          situation.waitFor(
              "%s has the semi-synchronous plugins".formatted(source.name()),
              "load semisync_source.so and semisync_replica.so into it, or choose mode %s"
                  .formatted(MysqlEngine.ASYNC)));
    }
    return state.loaded() && state.sourceEnabled() != situation.semiSync()
        ? Optional.of(
            new Decision.Perform(
                Steps.semiSyncSource(
                    source,
                    situation.semiSync(),
                    (situation.semiSync()
                            ? "commits of %s are to wait for replicas"
                            : "commits of %s are not to wait for replicas")
                        .formatted(source.name()))))
        : Optional.empty();
  }
}
