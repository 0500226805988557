package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.client.Channel;
import io.upm.plugin.mysql.topology.Situation.Known;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Memory;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/**
 * Who is the source of a topology that never had one as far as anybody remembers. It may be fresh
 * servers, or a cluster that has long been running and was only now described.
 *
 * <p>Nobody becomes writable before every server has been seen: one that was not could be the one
 * with the data, or with the writers.
 */
final class FirstSource {
  private final Situation situation;
  private final Known preferred;

  private FirstSource(Situation situation, Known preferred) {
    this.situation = situation;
    this.preferred = preferred;
  }

  static Decision decide(Situation situation) {
    String wanted = situation.spec().source().name();
    Optional<Known> preferred = situation.known(wanted);
    List<Known> open = situation.where(one -> !one.state().isClosed());
    boolean onlyPreferred =
        preferred.filter(one -> one.state().isOpen()).isPresent() && open.size() == 1;
    if (onlyPreferred) {
      return adopt(situation, preferred.orElseThrow());
    }
    List<String> unknown = situation.unknown();
    if (!unknown.isEmpty() || preferred.isEmpty()) {
      return situation.waitFor(
          "every server has been seen once; %s not yet".formatted(String.join(", ", unknown)),
          "start it, or take it out of the spec, or set isolated on it");
    }
    return new FirstSource(situation, preferred.get()).decideKnowingAll(open);
  }

  /** From here on it is the source, at an epoch of its own. */
  static Decision adopt(Situation situation, Known source) {
    Memory memory = situation.memory();
    var facts = new HashMap<>(memory.facts());
    facts.put(Situation.SOURCE_UUID, source.state().identity().uuid());
    facts.put(Situation.WISH, situation.spec().source().name());
    return new Decision.Remember(
        new Memory(memory.epoch() + 1, Optional.of(source.name()), memory.intent(), facts),
        "%s was observed as the source".formatted(source.name()));
  }

  private Decision decideKnowingAll(List<Known> open) {
    List<Known> rivals = open.stream().filter(one -> !one.name().equals(preferred.name())).toList();
    for (Known rival : rivals) {
      if (rival.member().isolated()) {
        return close(rival, "is isolated");
      }
    }
    if (rivals.isEmpty()) {
      return OpenSource.decide(situation, preferred);
    }
    if (rivals.size() == 1 && preferred.state().isClosed() && isLive(rivals.getFirst())) {
      return adopt(situation, rivals.getFirst());
    }
    for (Known rival : rivals) {
      if (rival.isWithin(preferred)) {
        return close(
            rival, "is not the source and holds nothing that %s lacks".formatted(preferred.name()));
      }
    }
    return situation.waitFor(
        "only one server is writable; now %s could be written to, and they hold different data"
            .formatted(String.join(", ", open.stream().map(Known::name).toList())),
        "set super_read_only=ON on all but the one whose data counts, and name that one in"
            + " spec.source");
  }

  /** Whether a running cluster uses it as its source, whatever the spec prefers. */
  private boolean isLive(Known rival) {
    boolean followed =
        preferred
            .state()
            .channel()
            .map(Channel::source)
            .filter(upstream -> rival.member().isAt(upstream.host(), upstream.port()))
            .isPresent();
    return followed || !rival.isWithin(preferred);
  }

  private static Decision close(Known rival, String why) {
    return new Decision.Perform(
        Steps.close(rival, "%s is writable, but %s".formatted(rival.name(), why)));
  }
}
