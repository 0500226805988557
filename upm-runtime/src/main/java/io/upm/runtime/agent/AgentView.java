package io.upm.runtime.agent;

import io.upm.spi.instance.Health;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What the runtime knows of one agent.
 *
 * @param connected whether reports arrive; false when the connection ended or nothing was heard for
 *     too long
 * @param since since when it is so
 * @param problem why it is not connected, or what could not be handed over; empty when all is well
 * @param report what it said last; empty before the first time
 */
public record AgentView(boolean connected, Instant since, String problem, Optional<Report> report) {
  /** State of the engine's process. */
  public enum Process {
    WAITING,
    INITIALIZING,
    STARTING,
    RUNNING,
    STOPPING,
    STOPPED,
    CRASHED,
    BLOCKED
  }

  /**
   * One report of an agent.
   *
   * @param agentVersion version of the agent
   * @param plugin version of the plugin in use; empty for none
   * @param pluginDigest its digest; empty for none
   * @param revision revision of the instance document that it holds
   * @param process state of the engine's process
   * @param reason why the engine doesn't run or isn't ready; empty when it does
   * @param engineStarts starts of the engine since the container started
   * @param health what the last probe found
   * @param configDigest SHA-256 over the configuration in force
   * @param pendingRestart whether the running engine has an older configuration than the files
   * @param configRefused why the last configuration was refused; empty when it wasn't
   * @param configRevision revision of the document that the configuration was made for last
   */
  public record Report(
      String agentVersion,
      String plugin,
      String pluginDigest,
      long revision,
      Process process,
      String reason,
      int engineStarts,
      Health health,
      String configDigest,
      boolean pendingRestart,
      String configRefused,
      long configRevision) {}

  public AgentView {
    Objects.requireNonNull(since, "since");
    Objects.requireNonNull(problem, "problem");
    Objects.requireNonNull(report, "report");
  }

  /** Whether the engine serves clients, as far as is known now. */
  public boolean ready() {
    return connected && report.map(last -> last.health().ready()).orElse(false);
  }
}
