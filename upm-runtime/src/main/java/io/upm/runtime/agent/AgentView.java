package io.upm.runtime.agent;

import io.upm.spi.instance.Health;
import java.time.Instant;
import java.util.List;
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
    AWAITING_RESTORE,
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
   * @param config its configuration
   * @param accounts its passwords
   * @param tree what it runs from; empty when it can't be changed while its engine runs
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
      Config config,
      Accounts accounts,
      Optional<Tree> tree) {
    /** Of an agent that can't be changed while its engine runs. */
    public Report(
        String agentVersion,
        String plugin,
        String pluginDigest,
        long revision,
        Process process,
        String reason,
        int engineStarts,
        Health health,
        Config config,
        Accounts accounts) {
      this(
          agentVersion,
          plugin,
          pluginDigest,
          revision,
          process,
          reason,
          engineStarts,
          health,
          config,
          accounts,
          Optional.empty());
    }
  }

  /**
   * What an agent runs from.
   *
   * @param running id of its tree; empty for the one that its container began with
   * @param refused ids of those whose agents failed to serve
   */
  public record Tree(String running, List<String> refused) {
    public Tree {
      refused = List.copyOf(refused);
    }
  }

  /**
   * Whether an engine takes the passwords of its Secret.
   *
   * @param refused why it doesn't until the Secret changes; empty when it does
   * @param awaits what that waits for; empty when it doesn't wait
   * @param formerUntil until when it takes the former ones as well; empty when it doesn't
   */
  public record Accounts(String refused, String awaits, Optional<Instant> formerUntil) {
    /** It takes them, and no others. */
    public static final Accounts TAKEN = new Accounts("", "", Optional.empty());
  }

  /**
   * The configuration of an engine.
   *
   * @param digest SHA-256 over the one in force
   * @param pendingRestart whether the running engine needs a restart for it
   * @param restartFor parameters that it needs one for; empty when the plugin can't tell
   * @param refused why the last one was refused; empty when it wasn't
   * @param revision revision of the document that one was made for last
   * @param drift what somebody changed in the engine beside it, a sentence each
   */
  public record Config(
      String digest,
      boolean pendingRestart,
      List<String> restartFor,
      String refused,
      long revision,
      List<String> drift) {
    public Config {
      restartFor = List.copyOf(restartFor);
      drift = List.copyOf(drift);
    }

    /** Nothing waits, was refused or drifted. */
    public static Config applied(String digest, long revision) {
      return new Config(digest, false, List.of(), "", revision, List.of());
    }
  }

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
