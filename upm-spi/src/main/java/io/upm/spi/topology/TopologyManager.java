package io.upm.spi.topology;

import io.upm.spi.Problem;
import java.util.List;
import java.util.Optional;

/**
 * Manages replication or a cluster of one resource kind. The host calls, for one object at a time:
 *
 * <pre>observe (I/O, bounded) → decide (pure) → act (I/O, one step) … → report (pure)</pre>
 *
 * <p>Different objects are served at the same time, so an implementation keeps no state of its own.
 *
 * @param <S> record of {@code spec}
 * @param <O> what is observed; carries the time of the observation, as decide has no clock
 */
public interface TopologyManager<S extends Record, O> {
  TopologyDescriptor<S> descriptor();

  /**
   * Everything that is wrong with a spec; asked at admission, and again before each observation.
   * Pure.
   */
  List<Problem> validate(S spec);

  /** The nodes that a spec names. Pure. */
  List<Endpoint> endpoints(S spec);

  /** The passwords that it needs. Pure. */
  List<CredentialRef> credentials(S spec);

  /** Type of the read-write and read-only Services, such as {@code ClusterIP}. Pure. */
  String serviceType(S spec);

  /** Reads every node in parallel, each read bounded. The only method that reads. */
  O observe(S spec, Nodes nodes);

  /**
   * The one next step, or nothing, or what is awaited. Pure: the same arguments, the same decision.
   */
  Decision decide(S spec, O observed, Memory memory);

  /**
   * Re-checks the step's precondition and does it. Idempotent. The only method that changes a node.
   *
   * @throws io.upm.spi.PluginException when the precondition no longer holds, or the step failed
   */
  void act(Step step, S spec, Nodes nodes);

  /**
   * What is told to users, and where clients are routed: observed roles, never wished ones. Pure.
   */
  TopologyReport report(S spec, O observed, Memory memory);

  /**
   * The spec for a UnitSet that asks for one of the engine's modes; empty when this manager doesn't
   * serve that mode. Pure.
   *
   * @param set the UnitSet
   * @param current what the object holds now, so that a chosen source stays chosen
   */
  Optional<S> specFor(SetView set, Optional<S> current);

  /**
   * The node that takes over from one that is about to be restarted or removed: {@link #specFor}
   * names it when that one is {@link SetView#restarting}. Empty when none can, or none needs to; it
   * is then restarted as it is, but not removed. Pure.
   *
   * @param spec what the object holds now
   * @param node name of a node
   */
  default Optional<String> successor(S spec, String node) {
    return Optional.empty();
  }
}
