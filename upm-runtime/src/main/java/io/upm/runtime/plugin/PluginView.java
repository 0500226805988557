package io.upm.runtime.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.host.plugin.PluginKey;
import io.upm.host.plugin.PluginPhase;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.engine.Breaker;
import io.upm.spi.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a decision about a Plugin depends on.
 *
 * @param problems what is wrong with its spec
 * @param fulfilled whether what its status says to serve is what its spec wants
 * @param wanted how far the wanted build came; empty while there is nothing to fetch
 * @param serving how far the build came that the status says to serve; empty when there is none
 * @param engines build that serves each engine now
 * @param builds builds that are or were in memory, by digest
 * @param definitions definitions in the cluster of the kinds that the plugin brings, now or with
 *     the wanted build; looked up when that build is about to serve
 * @param calls how calls of builds end, by digest
 * @param builtIn version that came with the runtime and serves without an object; empty when there
 *     is none
 * @param uses UnitSets there are
 */
record PluginView(
    Plugin plugin,
    List<Problem> problems,
    boolean fulfilled,
    Optional<Stages.State> wanted,
    Optional<Stages.State> serving,
    Map<String, PluginKey> engines,
    Map<String, Build> builds,
    List<JsonNode> definitions,
    Map<String, Calls> calls,
    Optional<String> builtIn,
    List<UnitSetUse> uses,
    Instant now) {

  /**
   * A build in memory.
   *
   * @param holder what holds it there though it should be gone; empty while that isn't known
   * @param trouble what it does that it should not
   */
  record Build(
      PluginPhase phase, int inFlight, Optional<String> holder, Optional<String> trouble) {}

  /**
   * How calls of a build end.
   *
   * @param trip what fails too often; empty when nothing does
   */
  record Calls(Optional<Breaker.Trip> trip, Breaker.Tally tally) {}

  String id() {
    return Wishes.id(plugin);
  }

  Optional<Breaker.Trip> trip(String digest) {
    return Optional.ofNullable(calls.get(digest)).flatMap(Calls::trip);
  }

  Breaker.Tally tally(String digest) {
    return Optional.ofNullable(calls.get(digest)).map(Calls::tally).orElse(Breaker.Tally.NONE);
  }

  /** Whether this build serves an engine now. */
  boolean serves(String digest) {
    return engines.values().stream()
        .anyMatch(key -> key.id().equals(id()) && key.digest().equals(digest));
  }
}
