package io.upm.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChildEnvironmentTest {
  @Test
  void leavesOutWhatIsForTheAgentAlone() {
    var environment =
        new HashMap<>(
            Map.of(
                "UPM_AGENT_ONLY", "ONE,TWO", "ONE", "1", "TWO", "2", "PATH", "/bin", "TZ", "UTC"));

    ChildEnvironment.prepare(environment, Map.of("TWO", "wished", "TZ", "Asia/Tokyo"));

    assertThat(environment).isEqualTo(Map.of("PATH", "/bin", "TZ", "Asia/Tokyo", "TWO", "wished"));
  }

  @Test
  void keepsEverythingWhenNothingIs() {
    var environment = new HashMap<>(Map.of("PATH", "/bin"));

    ChildEnvironment.prepare(environment, Map.of());

    assertThat(environment).isEqualTo(Map.of("PATH", "/bin"));
  }
}
