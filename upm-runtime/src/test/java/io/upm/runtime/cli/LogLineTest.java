package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LogLineTest {
  private static final String AGENT = "2026-11-21T12:00:00.123Z INFO agent Supervisor: started";
  private static final String LAUNCHER =
      "launcher: 2026/11/21 12:00:00.123456 the agent ended (1), starting it again in 1s";
  private static final String ENGINE =
      "2026-11-21T12:00:00.123456Z 0 [System] [X-010931] [Server] ready for connections";
  private static final String SLOW =
      "{\"time\":\"2026-11-21T12:00:00.123Z\",\"unit\":\"a-0\",\"source\":\"slow\","
          + "\"message\":\"SELECT \\\"x\\\";\"}";
  private static final String OWN_JSON = "{\"time\":\"now\",\"level\":\"info\"}";
  private static final String CUT = SLOW.substring(0, 60);

  private static final List<String> LINES = List.of(AGENT, ENGINE, SLOW, LAUNCHER, OWN_JSON, CUT);

  @Test
  void tellsAgentEngineAndFilesApart() {
    assertThat(shown("agent")).containsExactly(AGENT, LAUNCHER);
    assertThat(shown("engine")).containsExactly(ENGINE, "SELECT \"x\";", OWN_JSON, CUT);
    assertThat(shown("slow")).containsExactly("SELECT \"x\";");
    assertThat(shown("general")).isEmpty();
    assertThat(shown("all")).hasSameSizeAs(LINES);
  }

  private static List<String> shown(String whom) {
    return LINES.stream().map(LogLine::of).filter(LogLine.filter(whom)).map(LogLine::text).toList();
  }
}
