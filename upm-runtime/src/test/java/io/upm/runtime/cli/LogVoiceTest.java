package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LogVoiceTest {
  private static final String AGENT = "2026-11-21T12:00:00.123Z INFO agent Supervisor: started";
  private static final String LAUNCHER =
      "launcher: 2026/11/21 12:00:00.123456 the agent ended (1), starting it again in 1s";
  private static final String ENGINE =
      "2026-11-21T12:00:00.123456Z 0 [System] [X-010931] [Server] ready for connections";

  @Test
  void tellsAgentAndEngineApart() {
    List<String> lines = List.of(AGENT, ENGINE, LAUNCHER);

    assertThat(lines.stream().filter(LogVoice.filter(LogsCommand.Voice.AGENT)))
        .containsExactly(AGENT, LAUNCHER);
    assertThat(lines.stream().filter(LogVoice.filter(LogsCommand.Voice.ENGINE)))
        .containsExactly(ENGINE);
    assertThat(lines.stream().filter(LogVoice.filter(LogsCommand.Voice.ALL)))
        .containsExactlyElementsOf(lines);
  }
}
