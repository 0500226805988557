package io.upm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.upm.agent.container.Pod;
import io.upm.agent.protocol.v1.ConfigReport;
import io.upm.agent.protocol.v1.InstanceReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Parameters that a running engine takes, or refuses, and agents that die between. */
class LiveConfigIT {
  @Test
  void theRunningEngineTakesWhatItCanAndSaysWhatWaits() throws Exception {
    try (var pod = Pod.ready(Map.of("live", "1", "tag", "old"))) {
      InstanceReport before = pod.awaitReady();

      configure(pod, 2, Map.of("live", "2", "tag", "new"));

      ConfigReport waits = configured(pod, 2);
      assertThat(live(pod)).isEqualTo("2");
      assertThat(waits.getPendingRestart()).isTrue();
      assertThat(waits.getRestartForList()).containsExactly("tag");

      configure(pod, 3, Map.of("live", "2", "tag", "old"));

      ConfigReport none = configured(pod, 3);
      assertThat(none.getPendingRestart()).isFalse();
      assertThat(none.getRestartForList()).isEmpty();
      assertThat(pod.awaitReady().getEnginePid()).isEqualTo(before.getEnginePid());
    }
  }

  @Test
  void whatIsRevertedIsTakenBackInTheEngineAsWell() throws Exception {
    try (var pod = Pod.ready(Map.of("live", "1"))) {
      pod.awaitReady();
      configure(pod, 2, Map.of("live", "2"));
      configured(pod, 2);

      Pod.kill(pod.container().agent());
      configure(pod, 3, Map.of("live", "1"));

      configured(pod, 3);
      assertThat(live(pod)).isEqualTo("1");
    }
  }

  @Test
  void ifTheEngineRefusesTheFilesStayToo() throws Exception {
    try (var pod = Pod.ready(Map.of("live", "1"))) {
      InstanceReport before = pod.awaitReady();

      configure(pod, 2, Map.of("live", "no", "tag", "new"));

      InstanceReport refused =
          pod.runtime().report("refused", report -> !report.getConfig().getRefused().isEmpty());
      assertThat(refused.getConfig().getRefused()).isEqualTo("live could not become \"no\"");
      assertThat(refused.getConfig().getDigest()).isEqualTo(before.getConfig().getDigest());
      assertThat(refused.getConfig().getPendingRestart()).isFalse();

      configure(pod, 3, Map.of("live", "3"));
      assertThat(configured(pod, 3).getRefused()).isEmpty();
      assertThat(live(pod)).isEqualTo("3");
    }
  }

  /** The engine has the new value, the files have the old one; both ways out are open. */
  @Test
  void anAgentThatDiesHalfWayIsFollowedByOneThatGoesOnOrBack() throws Exception {
    try (var pod = Pod.ready(Map.of("live", "1"))) {
      String old = pod.awaitReady().getConfig().getDigest();
      Path hold = Files.createFile(pod.container().data().resolve("slow"));
      configure(pod, 2, Map.of("live", "slow"));
      await().until(() -> live(pod).equals("slow"));

      Pod.kill(pod.container().agent());
      Files.delete(hold);

      ConfigReport on = configured(pod, 2);
      assertThat(on.getDigest()).isNotEqualTo(old);
      assertThat(on.getPendingRestart()).isFalse();
      assertThat(live(pod)).isEqualTo("slow");

      Files.createFile(hold);
      configure(pod, 3, Map.of("live", "slower"));
      await().until(() -> live(pod).equals("slower"));
      Pod.kill(pod.container().agent());
      configureMounted(pod, 4, Map.of("live", "1"));
      Files.delete(hold);

      assertThat(configured(pod, 4).getDigest()).isEqualTo(old);
      assertThat(live(pod)).isEqualTo("1");
    }
  }

  @Test
  void whatSomebodyChangedInTheEngineIsSaid() throws Exception {
    try (var pod = Pod.ready(Map.of("live", "1"))) {
      pod.awaitReady();
      configure(pod, 2, Map.of("live", "2"));
      configured(pod, 2);
      Files.writeString(pod.container().data().resolve("live"), "7");

      // Looked at now and then, and whenever a configuration was put in force.
      configure(pod, 3, Map.of("live", "2", "tag", "x"));

      InstanceReport drifted =
          pod.runtime().report("drift", report -> report.getConfig().getDriftCount() > 0);
      assertThat(drifted.getConfig().getDriftList())
          .containsExactly("live is \"7\" instead of \"2\"");

      configure(pod, 4, Map.of("live", "7"));
      configured(pod, 4);
      pod.runtime().report("no drift", report -> report.getConfig().getDriftCount() == 0);
    }
  }

  private static void configure(Pod pod, long revision, Map<String, String> parameters)
      throws Exception {
    pod.runtime().configure(pod.container().document(revision, true, parameters));
  }

  /** For an agent that isn't there yet. */
  private static void configureMounted(Pod pod, long revision, Map<String, String> parameters)
      throws IOException {
    pod.container().mount(pod.container().document(revision, true, parameters));
  }

  private static ConfigReport configured(Pod pod, long revision) throws Exception {
    return pod.runtime()
        .report(
            "revision " + revision,
            report ->
                Pod.isReady(report)
                    && report.getRevision() == revision
                    && report.getConfig().getRevision() == revision)
        .getConfig();
  }

  /** Empty before anything was changed. */
  private static String live(Pod pod) {
    return pod.container().onVolume("live");
  }
}
