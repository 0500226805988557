package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Pod;
import io.upm.runtime.agent.AgentView;
import java.time.Duration;
import java.util.Optional;

/** What is known of a Unit's agent. */
enum AgentState {
  /** Reports arrive. */
  REPORTING,
  /**
   * Attached a moment ago, nothing heard yet: what was known before still holds. A restart of the
   * runtime changes no status.
   */
  AWAITED,
  /** Nothing is heard from it. */
  SILENT,
  /** There is no running Pod. */
  ABSENT;

  /** How long an agent may take until its first report is missed. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  static AgentState of(UnitView view) {
    if (view.children().pod().filter(AgentState::hasAddress).isEmpty()) {
      return ABSENT;
    }
    if (view.agent().isEmpty()) {
      return AWAITED;
    }
    AgentView agent = view.agent().get();
    if (agent.connected()) {
      return REPORTING;
    }
    boolean first = agent.report().isEmpty();
    return first && view.now().isBefore(agent.since().plus(PATIENCE)) ? AWAITED : SILENT;
  }

  /** How long to wait until an agent that is awaited is silent. */
  static Optional<Duration> patience(UnitView view) {
    if (of(view) != AWAITED) {
      return Optional.empty();
    }
    return Optional.of(
        view.agent()
            .map(agent -> Duration.between(view.now(), agent.since().plus(PATIENCE)))
            .filter(Duration::isPositive)
            .orElse(PATIENCE));
  }

  private static boolean hasAddress(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getPodIP() != null
        && !pod.getStatus().getPodIP().isEmpty();
  }
}
