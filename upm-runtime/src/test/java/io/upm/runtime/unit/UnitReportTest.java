package io.upm.runtime.unit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.testing.Manifests;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnitReportTest {
  @Test
  void isPendingWithoutAPod() {
    var views = new UnitViews();

    UnitStatus status = views.status();

    assertThat(status.phase()).isEqualTo(UnitStatus.Phase.PENDING);
    assertThat(status.observedGeneration()).isEqualTo(4);
    assertThat(status.processState()).isNull();
    assertThat(reason(status, "Ready")).isEqualTo("NoPod");
    assertThat(status.persistentVolumeClaim())
        .singleElement()
        .satisfies(claim -> assertThat(claim.phase()).isEqualTo("Pending"));
  }

  @Test
  void isReadyWhenKubeletAndAgentSaySo() {
    var views = ready();

    UnitStatus status = views.status();

    assertThat(status.phase()).isEqualTo(UnitStatus.Phase.READY);
    assertThat(status.processState()).isEqualTo("running");
    assertThat(status.role()).isEqualTo("source");
    assertThat(status.nodeName()).isEqualTo("node-a");
    assertThat(status.hostIP()).isEqualTo("192.168.1.1");
    assertThat(status.podIPs()).extracting(UnitStatus.PodAddress::ip).containsExactly("10.1.0.5");
    assertThat(status.configSyncStatus())
        .extracting(UnitStatus.ConfigSyncStatus::status)
        .isEqualTo("True");
    assertThat(status.agent())
        .isEqualTo(new UnitStatus.AgentStatus("0.1.0", "upm-agent:1", "acme@1.0.0"));
    assertThat(status.conditions())
        .allSatisfy(condition -> assertThat(condition.getStatus()).isEqualTo("True"));
  }

  @Test
  void isWrittenAgainOnlyWhenSomethingChanged() {
    var views = ready();
    UnitStatus first = views.status();
    views.unit.setStatus(first);
    views.now = UnitViews.NOW.plusSeconds(3600);

    assertThat(views.status()).isEqualTo(first);
  }

  @Test
  void saysWhyTheEngineIsNotReady() {
    var views = ready();
    views.agent =
        Optional.of(
            new AgentView(
                true,
                UnitViews.NOW,
                "",
                Optional.of(views.report(AgentView.Process.CRASHED, false))));

    UnitStatus status = views.status();

    assertThat(status.phase()).isEqualTo(UnitStatus.Phase.RUNNING);
    assertThat(status.processState()).isEqualTo("crashed");
    assertThat(message(status, "Ready")).isEqualTo("it recovers");
    assertThat(reason(status, "EngineRunning")).isEqualTo("Crashed");
  }

  @Test
  void isUnknownWhenTheAgentFellSilent() {
    var views = ready();
    views.agent =
        Optional.of(
            new AgentView(
                false,
                UnitViews.NOW,
                "connection refused",
                Optional.of(views.report(AgentView.Process.RUNNING, true))));

    UnitStatus status = views.status();

    assertThat(status.phase()).isEqualTo(UnitStatus.Phase.UNKNOWN);
    assertThat(status.processState()).isEqualTo("unknown");
    assertThat(message(status, "AgentConnected")).contains("connection refused", "2214");
  }

  @Test
  void keepsWhatWasKnownWhileANewRuntimeConnects() {
    var views = ready();
    UnitStatus before = views.status();
    views.unit.setStatus(before);

    views.agent = Optional.empty();
    assertThat(views.status()).isEqualTo(before);
    views.agent = Optional.of(new AgentView(false, UnitViews.NOW, "", Optional.empty()));
    assertThat(views.status()).isEqualTo(before);
    assertThat(views.decide().recheck()).contains(AgentState.PATIENCE);
    views.now = UnitViews.NOW.plus(AgentState.PATIENCE).plusSeconds(1);
    assertThat(views.status().phase()).isEqualTo(UnitStatus.Phase.RUNNING);
    assertThat(reason(views.status(), "AgentConnected")).isEqualTo("Silent");
  }

  @Test
  void keepsNothingWhenThePodIsNotReadyAnyMore() {
    var views = ready();
    views.unit.setStatus(views.status());
    views.agent = Optional.empty();
    views.pod =
        views.pod.map(pod ->
            new PodBuilder(pod)
                .editStatus()
                .editFirstCondition()
                .withStatus("False")
                .endCondition()
                .endStatus()
                .build());

    assertThat(views.status().phase()).isEqualTo(UnitStatus.Phase.RUNNING);
  }

  @Test
  void saysThatItIsStoppedOnPurpose() {
    var views = ready();
    views.unit = Manifests.unit(UnitViews.BY_HAND, "spec/startup=false");
    views.agent =
        Optional.of(
            new AgentView(
                true,
                UnitViews.NOW,
                "",
                Optional.of(views.report(AgentView.Process.STOPPED, false))));

    UnitStatus status = views.status();

    assertThat(reason(status, "Ready")).isEqualTo("Stopped");
    assertThat(status.phase()).isEqualTo(UnitStatus.Phase.RUNNING);
    assertThat(status.processState()).isEqualTo("stopped");
  }

  @Test
  void saysWhyAPodIsNotScheduled() {
    var views = new UnitViews();
    views.runPod();
    views.pod =
        views.pod.map(pod ->
            new PodBuilder(pod)
                .withNewStatus()
                .withPhase("Pending")
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withMessage("0/1 nodes are available: 1 Insufficient memory.")
                .endCondition()
                .endStatus()
                .build());

    assertThat(message(views.status(), "Ready")).contains("Insufficient memory");
    assertThat(views.status().phase()).isEqualTo(UnitStatus.Phase.PENDING);
  }

  @Test
  void saysWhatWasRefused() {
    var views = new UnitViews();
    UnitStatus status =
        UnitReport.status(
            views.view(),
            views.decide(),
            List.of("Kubernetes refused the Pod: exceeded quota: q."));

    assertThat(message(status, "Ready")).contains("exceeded quota");
  }

  @Test
  void namesConfigMapsThatAreMissing() {
    var views = ready();
    views.sources = new UnitView.Sources(java.util.Map.of(), java.util.Map.of(), List.of("shared"));

    assertThat(message(views.status(), "ConfigApplied"))
        .contains("there is no ConfigMap \"shared\"");
  }

  @Test
  void namesParametersThatWaitForARestart() {
    var views = ready();
    views.agentReports(true, List.of("back_log"), List.of("not told yet"));

    assertThat(reason(views.status(), "ConfigApplied")).isEqualTo("RestartNeeded");
    assertThat(message(views.status(), "ConfigApplied"))
        .startsWith("back_log needs a restart of the engine");

    views.agentReports(true, List.of("a", "b", "c", "d", "e"), List.of());
    assertThat(message(views.status(), "ConfigApplied"))
        .startsWith("a, b, c, and 2 more need a restart of the engine");
  }

  @Test
  void saysWhatSomebodyChangedInTheEngine() {
    var views = ready();
    views.agentReports(false, List.of(), List.of("links is 7 instead of 5", "buffer is 1"));

    assertThat(reason(views.status(), "ConfigApplied")).isEqualTo("Drifted");
    assertThat(message(views.status(), "ConfigApplied"))
        .isEqualTo("links is 7 instead of 5; buffer is 1");
    assertThat(reason(views.status(), "Ready")).as("it serves none the less").isEqualTo("Serving");
  }

  @Test
  void saysWhatBecomesOfAChangedSecret() {
    var views = ready();
    assertThat(reason(views.status(), "CredentialsApplied")).isEqualTo("Applied");

    views.agentReports(new AgentView.Accounts("too long", "", Optional.empty()));
    assertThat(reason(views.status(), "CredentialsApplied")).isEqualTo("Refused");
    assertThat(message(views.status(), "CredentialsApplied"))
        .isEqualTo("the former passwords are in use: too long");

    views.agentReports(new AgentView.Accounts("", "another has not", Optional.empty()));
    assertThat(reason(views.status(), "CredentialsApplied")).isEqualTo("Changing");
    assertThat(message(views.status(), "CredentialsApplied")).isEqualTo("another has not");

    Instant until = Instant.parse("2026-11-23T12:00:00.123Z");
    views.agentReports(new AgentView.Accounts("", "", Optional.of(until)));
    assertThat(reason(views.status(), "CredentialsApplied")).isEqualTo("Overlapping");
    assertThat(message(views.status(), "CredentialsApplied"))
        .isEqualTo(
            "the engine takes the passwords of the Secret, and the former ones until"
                + " 2026-11-23T12:00:00Z");
    assertThat(reason(views.status(), "Ready")).isEqualTo("Serving");
  }

  @Test
  void saysNothingOfAConfigurationThatTheAgentHasYetToMake() {
    var views = ready();
    long revision = views.report(AgentView.Process.RUNNING, true).revision();

    views.agentReports(AgentView.Config.applied("", revision - 1));
    assertThat(reason(views.status(), "ConfigApplied")).isEqualTo("HandingOver");
    views.agentReports(
        new AgentView.Config("", true, List.of("back_log"), "", revision - 1, List.of()));
    assertThat(reason(views.status(), "ConfigApplied"))
        .as("of the former document")
        .isEqualTo("HandingOver");

    views.agentReports(new AgentView.Config("", true, List.of(), "", revision, List.of()));
    assertThat(reason(views.status(), "ConfigApplied")).isEqualTo("RestartNeeded");
  }

  @Test
  void awaitsNoConfigurationOfAnEngineThatIsToBeStopped() {
    var views = ready();
    views.unit = Manifests.unit(UnitViews.BY_HAND, "spec/startup=false");
    views.decideAndKeepDocument();

    views.agentReports(AgentView.Config.applied("", 0));

    assertThat(reason(views.status(), "ConfigApplied")).isEqualTo("Applied");
  }

  private static UnitViews ready() {
    var views = new UnitViews();
    views.runPod();
    views.decideAndKeepDocument();
    views.agentReports();
    return views;
  }

  private static String reason(UnitStatus status, String type) {
    return Conditions.find(status.conditions(), type).orElseThrow().getReason();
  }

  private static String message(UnitStatus status, String type) {
    return Conditions.find(status.conditions(), type).orElseThrow().getMessage();
  }
}
