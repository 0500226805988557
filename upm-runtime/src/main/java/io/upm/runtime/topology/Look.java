package io.upm.runtime.topology;

import io.upm.runtime.kube.Conditions.Wanted;
import io.upm.spi.topology.Decision.WaitFor;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.TopologyReport;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one look at a topology object came to; its status says so.
 *
 * @param generation of the spec that was looked at
 * @param ready whether all is as the spec wants
 * @param message one sentence
 * @param observation what was observed; empty when that was not possible, so that status keeps what
 *     was known before
 * @param memory what is remembered
 * @param awaited what is awaited
 * @param conditions all conditions
 */
record Look(
    long generation,
    boolean ready,
    String message,
    Optional<Observation> observation,
    Memory memory,
    Optional<WaitFor> awaited,
    List<Wanted> conditions) {
  /**
   * @param endpoints nodes that the spec names
   * @param report what the plugin says of them
   * @param services Services that lead to them
   * @param unread nodes that could not be read
   */
  record Observation(
      List<Endpoint> endpoints, TopologyReport report, ServiceNames services, Set<String> unread) {}

  /**
   * Names of Services.
   *
   * @param readonly empty when there is none
   */
  record ServiceNames(String readwrite, Optional<String> readonly) {}
}
