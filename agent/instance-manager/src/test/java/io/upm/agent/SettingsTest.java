package io.upm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.agent.log.LogFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void emptyEnvironmentIsFine() {
    Settings settings = Settings.from(Map.of());
    assertThat(settings.grpcPort()).isEqualTo(2214);
    assertThat(settings.httpPort()).isEqualTo(2215);
    assertThat(settings.stopBudget()).isEqualTo(Duration.ofSeconds(25));
    assertThat(settings.passwordOverlap()).isEqualTo(Duration.ofMinutes(15));
    assertThat(settings.logFormat()).isEqualTo(LogFormat.JSON);
    assertThat(settings.terminating()).isFalse();
    assertThat(settings.files().data()).isEmpty();
    assertThat(settings.files().launcher()).isEqualTo(Path.of("/opt/upm/bin/launcher"));
  }

  @Test
  void environmentIsRead() {
    Settings settings =
        Settings.from(
            Map.of(
                "UPM_DATA_DIR", "/d",
                "UPM_STOP_BUDGET_SECONDS", "600",
                "UPM_LOG_FORMAT", "raw",
                "UPM_TERMINATING", "true"));
    assertThat(settings.files().data()).contains(Path.of("/d"));
    assertThat(settings.stopBudget()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.terminating()).isTrue();
    assertThat(settings.logFormat()).isEqualTo(LogFormat.RAW);
    assertThatThrownBy(() -> Settings.from(Map.of("UPM_LOG_FORMAT", "yaml")))
        .hasMessage("UPM_LOG_FORMAT: \"yaml\" is neither json nor raw");
    assertThatThrownBy(() -> Settings.from(Map.of("UPM_GRPC_PORT", "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("UPM_GRPC_PORT: \"x\" is not a number");
  }
}
