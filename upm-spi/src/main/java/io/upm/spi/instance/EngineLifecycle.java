package io.upm.spi.instance;

import io.upm.spi.metric.EngineMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an instance is initialised, started, stopped and probed. Called by the agent, one call at a
 * time for each instance, except {@link #probe}, which may run beside the others.
 */
public interface EngineLifecycle extends AutoCloseable {
  /** Whether {@link #initialize} has finished for this data volume. */
  boolean isInitialized(Instance instance);

  /**
   * Makes an empty data volume an instance with its accounts. Idempotent; a crash half-way leaves
   * nothing that {@link #isInitialized} takes for done, and existing data is never touched.
   *
   * @throws io.upm.spi.PluginException of kind USER when a password is missing
   */
  void initialize(Instance instance);

  /**
   * A program of the engine that checks the rendered configuration without starting, if there is
   * one. The files lie in {@code candidate}, laid out as in {@link Layout#config()}.
   */
  default Optional<ProcessSpec> checkConfig(Instance instance, java.nio.file.Path candidate) {
    return Optional.empty();
  }

  /**
   * The engine's process. It stays in the foreground; what it writes to standard output is its log.
   */
  ProcessSpec start(Instance instance);

  /** How to stop it, given that it must be gone within the budget. */
  StopRequest stop(Instance instance, Duration budget);

  /**
   * Reads the engine's state. Bounded by itself to 3 seconds; never throws for an engine that is
   * away.
   */
  Health probe(Instance instance);

  /** What can be changed while the engine runs; empty when everything takes a restart. */
  default Optional<LiveParameters> live() {
    return Optional.empty();
  }

  /**
   * How passwords change while the engine runs; empty when they are those of its initialisation for
   * ever.
   */
  default Optional<LiveAccounts> liveAccounts() {
    return Optional.empty();
  }

  /** What monitoring can read of the engine; empty when there is nothing. */
  default Optional<EngineMetrics> metrics() {
    return Optional.empty();
  }

  /**
   * Log files beside standard output that are followed to the container's log, each under its name
   * without {@code .log}.
   */
  default List<java.nio.file.Path> logs(Instance instance) {
    return List.of();
  }

  /** Whether {@link #reopenLogs} does what it says; files of an engine that can't only grow. */
  default boolean rotatesLogs() {
    return false;
  }

  /**
   * Has the running engine begin its log files anew, now that the former ones were renamed.
   *
   * @throws io.upm.spi.PluginException when it doesn't do so; it is asked again
   */
  default void reopenLogs(Instance instance) {}

  /** Gives back what the probe holds open, such as a connection. */
  @Override
  default void close() {}
}
