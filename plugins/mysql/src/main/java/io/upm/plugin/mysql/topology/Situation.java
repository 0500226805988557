package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.plugin.mysql.client.ServerState;
import io.upm.plugin.mysql.topology.MysqlReplicationSpec.Member;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.Reading;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Everything that a decision is made from, and the questions that are asked about it. */
record Situation(MysqlReplicationSpec spec, Observation seen, Memory memory) {
  /** Key in {@link Memory#facts()}: server_uuid of the source that was last observed. */
  static final String SOURCE_UUID = "sourceUuid";

  /** Key: the source that the spec wished when the wish was last looked at. */
  static final String WISH = "wish";

  private static final Duration REMINDER = Duration.ofHours(2);

  /** A server that answered. */
  record Known(Member member, ServerState state) {
    String name() {
      return member.name();
    }

    /** Transactions that it has, or has received, and the other has not. */
    GtidSet beyond(Known other) {
      return state.received().minus(other.state.gtids().executed());
    }

    boolean isWithin(Known other) {
      return beyond(other).isEmpty();
    }
  }

  /** When the servers were read. */
  Instant at() {
    return seen.at();
  }

  Situation with(Memory other) {
    return new Situation(spec, seen, other);
  }

  List<Member> members() {
    return spec.members();
  }

  boolean semiSync() {
    return spec.mode().equals(MysqlEngine.SEMI_SYNC);
  }

  Optional<Member> member(String name) {
    return members().stream().filter(member -> member.name().equals(name)).findFirst();
  }

  Optional<Known> known(String name) {
    return member(name)
        .flatMap(member -> reading(name).value().map(state -> new Known(member, state)));
  }

  Reading<ServerState> reading(String name) {
    Reading<ServerState> reading = seen.servers().get(name);
    return reading == null ? Reading.unknown(seen.at(), "it was not asked") : reading;
  }

  /** Servers that answered, in the order of the spec. */
  List<Known> known() {
    return members().stream().flatMap(member -> known(member.name()).stream()).toList();
  }

  List<Known> others(Known but) {
    return where(one -> !one.name().equals(but.name()));
  }

  List<Known> where(Predicate<Known> condition) {
    return known().stream().filter(condition).toList();
  }

  /** Names of servers that belong here, were not taken out, and did not answer. */
  List<String> unknown() {
    return members().stream()
        .filter(member -> !member.isolated())
        .map(Member::name)
        .filter(name -> !reading(name).known())
        .toList();
  }

  Optional<String> rememberedUuid() {
    return Optional.ofNullable(memory.facts().get(SOURCE_UUID));
  }

  /**
   * Something that only time or the user brings. Nothing here ends by the clock alone, so the
   * deadline is a reminder: far away, and on the hour, so that status does not change with each
   * look.
   */
  Decision waitFor(String predicate, String unblock) {
    Instant until = seen.at().truncatedTo(ChronoUnit.HOURS).plus(REMINDER);
    return new Decision.WaitFor(predicate, until, unblock);
  }
}
