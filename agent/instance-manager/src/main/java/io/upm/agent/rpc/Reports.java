package io.upm.agent.rpc;

import io.upm.agent.protocol.v1.AccountsReport;
import io.upm.agent.protocol.v1.ConfigReport;
import io.upm.agent.protocol.v1.HealthReport;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.PluginRef;
import io.upm.agent.protocol.v1.ProcessState;
import io.upm.agent.protocol.v1.TreeReport;
import io.upm.agent.report.Phase;
import io.upm.agent.report.Status;
import io.upm.agent.tree.Tree;
import io.upm.host.plugin.PluginKey;
import io.upm.spi.instance.Health;
import java.util.Optional;
import java.util.UUID;

/** Statuses as the protocol has them. Safe for concurrent use. */
final class Reports {
  private final String agentId = UUID.randomUUID().toString();
  private final String agentVersion;
  private final Optional<Tree> tree;
  private long sequence;

  Reports(String agentVersion, Optional<Tree> tree) {
    this.agentVersion = agentVersion;
    this.tree = tree;
  }

  synchronized InstanceReport report(Status status) {
    sequence++;
    var report =
        InstanceReport.newBuilder()
            .setSequence(sequence)
            .setAgentId(agentId)
            .setAgentVersion(agentVersion)
            .setRevision(status.revision())
            .setProcess(state(status.process().phase()))
            .setReason(status.reason())
            .setEngineStarts(status.process().starts())
            .setEnginePid(status.process().pid())
            .setEngineStartedMillis(status.process().startedMillis())
            .setConfig(config(status.config()))
            .setAccounts(accounts(status.accounts()));
    status.plugin().ifPresent(key -> report.setPlugin(ref(key)));
    tree.ifPresent(known ->
        report.setTree(
            TreeReport.newBuilder().setRunning(known.id()).addAllRefused(known.refused())));
    status.probe().ifPresent(probe -> report.setHealth(health(probe)));
    return report.build();
  }

  /** A sign of life, for one who has the report before it. */
  synchronized InstanceReport unchanged() {
    sequence++;
    return InstanceReport.newBuilder().setSequence(sequence).setUnchanged(true).build();
  }

  static PluginRef ref(PluginKey key) {
    return PluginRef.newBuilder()
        .setId(key.id())
        .setVersion(key.version())
        .setDigest(key.digest())
        .build();
  }

  /**
   * @throws IllegalArgumentException when the digest is not one
   */
  static PluginKey key(PluginRef ref) {
    return new PluginKey(ref.getId(), ref.getVersion(), ref.getDigest());
  }

  private static HealthReport health(Status.Probe probe) {
    Health health = probe.health();
    return HealthReport.newBuilder()
        .setAlive(health.alive())
        .setReady(health.ready())
        .setRole(health.role())
        .setReason(health.reason())
        .putAllFacts(health.facts())
        .putAllGauges(health.gauges())
        .setAtMillis(probe.atMillis())
        .build();
  }

  private static ConfigReport config(Status.Config config) {
    return ConfigReport.newBuilder()
        .setDigest(config.digest())
        .setPendingRestart(config.pendingRestart())
        .addAllRestartFor(config.restartFor())
        .setRefused(config.refused())
        .setRevision(config.revision())
        .addAllDrift(config.drift())
        .build();
  }

  private static AccountsReport accounts(Status.Accounts accounts) {
    return AccountsReport.newBuilder()
        .setRefused(accounts.refused())
        .setAwaits(accounts.awaits())
        .setFormerUntilMillis(accounts.formerUntilMillis())
        .build();
  }

  private static ProcessState state(Phase phase) {
    return switch (phase) {
      case WAITING -> ProcessState.WAITING;
      case INITIALIZING -> ProcessState.INITIALIZING;
      case AWAITING_RESTORE -> ProcessState.AWAITING_RESTORE;
      case STARTING -> ProcessState.STARTING;
      case RUNNING -> ProcessState.RUNNING;
      case STOPPING -> ProcessState.STOPPING;
      case STOPPED -> ProcessState.STOPPED;
      case CRASHED -> ProcessState.CRASHED;
      case BLOCKED -> ProcessState.BLOCKED;
    };
  }
}
