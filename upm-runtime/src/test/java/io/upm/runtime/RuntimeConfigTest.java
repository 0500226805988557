package io.upm.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.runtime.unit.AgentImage;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuntimeConfigTest {
  @Test
  void needsNothingButTheAgentsImage() {
    RuntimeConfig config = RuntimeConfig.from(Map.of("UPM_AGENT_IMAGE", "agent:1"));

    assertThat(config.namespace()).isEqualTo("upm-system");
    assertThat(config.agentImage()).isEqualTo(new AgentImage("agent:1", true));
    assertThat(config.pluginDirectory()).isEqualTo(Path.of("/opt/upm/plugins"));
    assertThat(config.workDirectory()).isEqualTo(Path.of("/tmp/upm"));
    assertThat(config.metricsPort()).isEqualTo(8080);
    assertThat(config.webhookPort()).isEqualTo(8443);
  }

  @Test
  void namesTheVariableThatIsMissingOrWrong() {
    assertThatThrownBy(() -> RuntimeConfig.from(Map.of())).hasMessageContaining("UPM_AGENT_IMAGE");
    assertThatThrownBy(() ->
            RuntimeConfig.from(Map.of("UPM_AGENT_IMAGE", "agent:1", "UPM_WEBHOOK_PORT", "https")))
        .hasMessageContaining("UPM_WEBHOOK_PORT")
        .hasMessageContaining("\"https\"");
    assertThatThrownBy(() ->
            RuntimeConfig.from(Map.of("UPM_AGENT_IMAGE", "agent:1", "UPM_AGENT_CHANGES", "Never")))
        .hasMessageContaining("\"Never\", which is neither InPlace nor WithPod");
  }
}
