package io.upm.runtime.cli;

import io.upm.runtime.cli.Trouble.Subject;

/** What to do about a condition, by its type and reason. */
final class Advice {
  private Advice() {}

  static String about(Subject subject, String condition, String reason) {
    return switch (condition) {
      case "Valid" -> edit(subject, "correct that field");
      case "PluginAvailable" -> "Install the plugin of that engine. What runs goes on meanwhile.";
      case "AgentConnected" -> agent(subject, reason);
      case "EngineRunning" ->
          "See what the engine says: kubectl -n %s logs %s --tail=50"
              .formatted(subject.namespace(), subject.name());
      case "ConfigApplied" -> configuration(subject, reason);
      case "Updated" -> update(subject, reason);
      case "Ready" -> ready(subject, reason);
      default -> describe(subject);
    };
  }

  private static String agent(Subject subject, String reason) {
    return reason.equals("Silent")
        ? "Unheard is not down: kubectl -n %s describe pod %s"
            .formatted(subject.namespace(), subject.name())
        : describe(subject);
  }

  private static String configuration(Subject subject, String reason) {
    return switch (reason) {
      case "Refused" -> edit(subject, "correct spec.parameters");
      case "RestartNeeded" ->
          "When it suits: kubectl -n %s delete pod %s"
              .formatted(subject.namespace(), subject.name());
      default -> describe(subject);
    };
  }

  private static String update(Subject subject, String reason) {
    return reason.equals("OlderTemplate")
        ? "When it suits: kubectl -n %s delete pod %s"
            .formatted(subject.namespace(), subject.name())
        : describe(subject);
  }

  private static String ready(Subject subject, String reason) {
    return switch (reason) {
      case "InvalidSpec" -> edit(subject, "correct that field");
      case "Stopped" -> edit(subject, "set spec.startup to true");
      default -> describe(subject);
    };
  }

  private static String edit(Subject subject, String what) {
    return "To %s: kubectl -n %s edit %s %s"
        .formatted(what, subject.namespace(), subject.resource(), subject.name());
  }

  private static String describe(Subject subject) {
    return "Wait a moment. If it stays: kubectl -n %s describe %s %s"
        .formatted(subject.namespace(), subject.resource(), subject.name());
  }
}
