package io.upm.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A line of a Pod's log, to which agent and engine both write. Pure.
 *
 * @param source {@value #AGENT}, {@value #ENGINE}, or the engine's log file that it comes from
 * @param text what it says
 */
record LogLine(String source, String text) {
  static final String ALL = "all";
  static final String AGENT = "agent";
  static final String ENGINE = "engine";

  /** Lines of agent and launcher: time, level, who, where. */
  private static final Pattern AGENTS =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z (?:ERROR|WARN|INFO|DEBUG) agent .*|launcher: .*");

  /** How the agent begins what it read in a file; an engine may write JSON of its own. */
  private static final String COPIED = "{\"time\":\"";

  private static final JsonMapper JSON = new JsonMapper();

  static LogLine of(String line) {
    if (AGENTS.matcher(line).matches()) {
      return new LogLine(AGENT, line);
    }
    return line.startsWith(COPIED) ? copied(line) : new LogLine(ENGINE, line);
  }

  private static LogLine copied(String line) {
    try {
      JsonNode object = JSON.readTree(line);
      if (object.path("unit").isTextual()
          && object.path("source").isTextual()
          && object.path("message").isTextual()) {
        return new LogLine(object.path("source").asText(), object.path("message").asText());
      }
    } catch (JsonProcessingException e) {
      // The engine's own, or one that the log's reader has cut.
      return new LogLine(ENGINE, line);
    }
    return new LogLine(ENGINE, line);
  }

  /** Those of the agent, of the engine with all its files, of one file, or all. */
  static Predicate<LogLine> filter(String whom) {
    return switch (whom) {
      case ALL -> line -> true;
      case ENGINE -> line -> !line.source.equals(AGENT);
      default -> line -> line.source.equals(whom);
    };
  }
}
