package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.upm.runtime.cli.StatusView.Concern;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TroubleTest {
  private static final Trouble.Subject UNIT = new Trouble.Subject("Unit", "shop", "orders-1");

  @Test
  void readyIsToldOnlyWhenNothingElseIs() {
    assertThat(types(condition("Ready", "False", "NoPod"))).containsExactly("Ready=False");
    assertThat(
            types(condition("Ready", "False", "x"), condition("EngineRunning", "False", "Crashed")))
        .containsExactly("EngineRunning=False");
  }

  @Test
  void whatIsNotKnownIsNotToldBesideWhatIsWrong() {
    assertThat(
            types(
                condition("EngineRunning", "Unknown", "AgentNotConnected"),
                condition("AgentConnected", "False", "Silent"),
                condition("ConfigApplied", "Unknown", "AgentNotConnected")))
        .containsExactly("AgentConnected=False");
    assertThat(types(condition("EngineRunning", "Unknown", "AgentNotConnected")))
        .containsExactly("EngineRunning=Unknown");
  }

  @Test
  void degradedIsWrongWhenTrueAndProgressingNever() {
    assertThat(
            types(
                condition("Degraded", "True", "x"),
                condition("Progressing", "True", "x"),
                condition("Progressing", "False", "x")))
        .containsExactly("Degraded=True");
    assertThat(types(condition("Degraded", "False", "x"))).isEmpty();
  }

  @Test
  void readyIsNotToldWhereOthersExplainIt() {
    assertThat(Trouble.in(UNIT, List.of(condition("Ready", "False", "UnitsNotReady")), true))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Valid,           any,           edit unit orders-1",
    "Ready,           InvalidSpec,   edit unit orders-1",
    "Ready,           Stopped,       upm start unit/orders-1",
    "Ready,           NoPod,         describe unit orders-1",
    "EngineRunning,   Crashed,       logs orders-1",
    "AgentConnected,  Silent,        describe pod orders-1",
    "AgentConnected,  Connecting,    describe unit orders-1",
    "ConfigApplied,   Refused,       correct spec.parameters",
    "ConfigApplied,   RestartNeeded, upm restart unit/orders-1",
    "ConfigApplied,   HandingOver,   Wait a moment",
    "CredentialsApplied, Refused,    revert the Secret",
    "CredentialsApplied, Changing,   Wait a moment",
    "Updated,         OlderTemplate, upm restart unit/orders-1",
    "Updated,         Waiting,       describe unit orders-1",
    "PluginAvailable, NotInstalled,  Install the plugin",
    "Valid,           PluginMissing, upm plugin install",
    "SomethingNew,    Other,         describe unit orders-1",
  })
  void everyConditionComesWithAdvice(String type, String reason, String advice) {
    assertThat(Trouble.in(UNIT, List.of(condition(type, "False", reason)), false))
        .singleElement()
        .satisfies(concern -> assertThat(concern.advice()).contains(advice));
  }

  private static List<String> types(Condition... conditions) {
    return Trouble.in(UNIT, List.of(conditions), false).stream().map(Concern::condition).toList();
  }

  private static Condition condition(String type, String status, String reason) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage("a sentence")
        .build();
  }
}
