package io.upm.agent.report;

import io.upm.host.plugin.PluginKey;
import io.upm.spi.instance.Health;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is known of the instance at one moment.
 *
 * @param plugin plugin in use
 * @param revision revision of the document; 0 without one
 * @param process the engine's process
 * @param probe last probe of this run of the engine; empty before the first
 * @param config its configuration
 * @param accounts its passwords
 */
public record Status(
    Optional<PluginKey> plugin,
    long revision,
    EngineProcess process,
    Optional<Probe> probe,
    Config config,
    Accounts accounts) {
  /** Before anything is known. */
  public static final Status NONE =
      new Status(
          Optional.empty(),
          0,
          new EngineProcess(Phase.WAITING, "the agent starts", 0, 0, 0),
          Optional.empty(),
          new Config("", false, List.of(), "", 0, List.of()),
          Accounts.NONE);

  /**
   * The engine's process.
   *
   * @param phase its state
   * @param reason why it is not running; empty when it is
   * @param starts starts since the container started
   * @param pid process id; 0 without one
   * @param startedMillis its start, in milliseconds since the epoch; 0 without one
   */
  public record EngineProcess(
      Phase phase, String reason, int starts, long pid, long startedMillis) {}

  /**
   * What a probe found.
   *
   * @param atMillis when it was made, in milliseconds since the epoch
   * @param nanos how long it took
   */
  public record Probe(Health health, long atMillis, long nanos) {}

  /**
   * The configuration.
   *
   * @param digest of the files in force; empty without
   * @param pendingRestart whether the running engine needs a restart for them
   * @param restartFor parameters that it needs one for, if the plugin can tell
   * @param refused why the last one was refused; empty when it was not
   * @param revision of the document that one was made for last; 0 before the first
   * @param drift what was changed in the engine beside them, a sentence each
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
  }

  /**
   * Whether the engine takes the passwords of the Secret.
   *
   * @param refused why it doesn't until the Secret changes; empty when it does
   * @param awaits what it waits for; empty when it doesn't wait
   * @param formerUntilMillis until when it takes the former ones as well, in milliseconds since the
   *     epoch; 0 when it doesn't
   */
  public record Accounts(String refused, String awaits, long formerUntilMillis) {
    public static final Accounts NONE = new Accounts("", "", 0);
  }

  public boolean ready() {
    return process.phase() == Phase.RUNNING
        && probe.map(found -> found.health().ready()).orElse(false);
  }

  /** Why the instance is not ready; empty when it is. */
  public String reason() {
    if (process.phase() != Phase.RUNNING) {
      return process.reason();
    }
    return probe.map(found -> found.health().reason()).orElse("not probed yet");
  }

  /** As this, without what always moves: two of them differ when there is something to tell. */
  Status essence() {
    return new Status(
        plugin, revision, process, probe.map(Status::withoutGauges), config, accounts);
  }

  private static Probe withoutGauges(Probe probe) {
    Health health = probe.health();
    var still =
        new Health(
            health.alive(),
            health.ready(),
            health.role(),
            health.reason(),
            health.facts(),
            Map.of());
    return new Probe(still, 0, 0);
  }
}
