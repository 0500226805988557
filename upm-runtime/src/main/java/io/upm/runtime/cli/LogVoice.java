package io.upm.runtime.cli;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Whether the agent or the engine said a line: both write to the same log. Pure. */
final class LogVoice {
  /** Lines of agent and launcher: time, level, who, where. */
  private static final Pattern AGENT =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z (?:ERROR|WARN|INFO|DEBUG) agent .*|launcher: .*");

  private LogVoice() {}

  static boolean isAgents(String line) {
    return AGENT.matcher(line).matches();
  }

  static Predicate<String> filter(LogsCommand.Voice voice) {
    return switch (voice) {
      case ALL -> line -> true;
      case AGENT -> LogVoice::isAgents;
      case ENGINE -> line -> !isAgents(line);
    };
  }
}
