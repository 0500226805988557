package io.upm.runtime.agent;

import io.upm.agent.protocol.v1.AccountsReport;
import io.upm.agent.protocol.v1.ConfigReport;
import io.upm.agent.protocol.v1.HealthReport;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.ProcessState;
import io.upm.spi.instance.Health;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What agents say, in the runtime's own terms. Pure. */
final class Reports {
  private Reports() {}

  static AgentView.Report of(InstanceReport said) {
    return new AgentView.Report(
        said.getAgentVersion(),
        said.getPlugin().getVersion(),
        said.getPlugin().getDigest(),
        said.getRevision(),
        process(said.getProcess()),
        said.getReason(),
        said.getEngineStarts(),
        health(said.getHealth()),
        config(said.getConfig()),
        accounts(said.getAccounts()),
        said.hasTree()
            ? Optional.of(
                new AgentView.Tree(said.getTree().getRunning(), said.getTree().getRefusedList()))
            : Optional.empty());
  }

  /** Whether anything but a gauge differs. */
  static boolean differ(AgentView before, AgentView after) {
    return !withoutGauges(before).equals(withoutGauges(after));
  }

  private static AgentView withoutGauges(AgentView view) {
    return new AgentView(
        view.connected(), view.since(), view.problem(), view.report().map(Reports::withoutGauges));
  }

  private static AgentView.Report withoutGauges(AgentView.Report report) {
    Health health = report.health();
    return new AgentView.Report(
        report.agentVersion(),
        report.plugin(),
        report.pluginDigest(),
        report.revision(),
        report.process(),
        report.reason(),
        report.engineStarts(),
        new Health(
            health.alive(),
            health.ready(),
            health.role(),
            health.reason(),
            health.facts(),
            Map.of()),
        report.config(),
        report.accounts(),
        report.tree());
  }

  private static AgentView.Config config(ConfigReport said) {
    return new AgentView.Config(
        said.getDigest(),
        said.getPendingRestart(),
        said.getRestartForList(),
        said.getRefused(),
        said.getRevision(),
        said.getDriftList());
  }

  private static AgentView.Accounts accounts(AccountsReport said) {
    return new AgentView.Accounts(
        said.getRefused(),
        said.getAwaits(),
        said.getFormerUntilMillis() == 0
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(said.getFormerUntilMillis())));
  }

  private static Health health(HealthReport said) {
    return new Health(
        said.getAlive(),
        said.getReady(),
        said.getRole(),
        said.getReason(),
        said.getFactsMap(),
        said.getGaugesMap());
  }

  /** A state that a newer agent knows and this runtime doesn't counts as waiting. */
  private static AgentView.Process process(ProcessState said) {
    return switch (said) {
      case INITIALIZING -> AgentView.Process.INITIALIZING;
      case AWAITING_RESTORE -> AgentView.Process.AWAITING_RESTORE;
      case STARTING -> AgentView.Process.STARTING;
      case RUNNING -> AgentView.Process.RUNNING;
      case STOPPING -> AgentView.Process.STOPPING;
      case STOPPED -> AgentView.Process.STOPPED;
      case CRASHED -> AgentView.Process.CRASHED;
      case BLOCKED -> AgentView.Process.BLOCKED;
      case WAITING, PROCESS_STATE_UNSPECIFIED, UNRECOGNIZED -> AgentView.Process.WAITING;
    };
  }
}
