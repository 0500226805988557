package io.upm.runtime.cli;

import io.upm.runtime.cli.Trouble.Subject;

/** What to do about a condition, by its type and reason. */
final class Advice {
  private static final String INSTALL =
      "Install the plugin of that engine: upm plugin install. What runs goes on meanwhile.";

  private Advice() {}

  static String about(Subject subject, String condition, String reason) {
    if (reason.equals("PluginMissing")) {
      return INSTALL;
    }
    return switch (condition) {
      case "Valid" -> edit(subject, "correct that field");
      case "PluginAvailable" -> INSTALL;
      case "AgentConnected" -> agent(subject, reason);
      case "EngineRunning" ->
          "See what the engine says: upm logs %s -n %s --tail 50"
              .formatted(subject.name(), subject.namespace());
      case "ConfigApplied" -> configuration(subject, reason);
      case "CredentialsApplied" -> credentials(subject, reason);
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
      case "RestartNeeded" -> restart(subject);
      case "Drifted" ->
          edit(subject, "set spec.parameters to what it is, or take it back in the engine");
      default -> describe(subject);
    };
  }

  private static String credentials(Subject subject, String reason) {
    return reason.equals("Refused")
        ? "Correct or revert the Secret: kubectl -n %s get secrets".formatted(subject.namespace())
        : describe(subject);
  }

  private static String update(Subject subject, String reason) {
    return reason.equals("OlderTemplate") ? restart(subject) : describe(subject);
  }

  private static String ready(Subject subject, String reason) {
    return switch (reason) {
      case "InvalidSpec" -> edit(subject, "correct that field");
      case "Stopped" ->
          "When it is to run: upm start unit/%s -n %s"
              .formatted(subject.name(), subject.namespace());
      default -> describe(subject);
    };
  }

  private static String restart(Subject subject) {
    return "When it suits: upm restart unit/%s -n %s"
        .formatted(subject.name(), subject.namespace());
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
