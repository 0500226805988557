package io.upm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.upm.agent.container.Pod;
import io.upm.agent.protocol.v1.AccountsReport;
import io.upm.agent.protocol.v1.InstanceReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Secrets that change while an engine runs, and agents that die meanwhile. */
class LiveAccountsIT {
  @Test
  void theRunningEngineTakesBothForAWhileAndThenTheNewOne() throws Exception {
    try (var pod = new Pod()) {
      pod.container().passwordOverlap(4);
      long pid = ready(pod).getEnginePid();

      pod.container().password("root", "other");

      AccountsReport both = accounts(pod, "overlap", report -> report.getFormerUntilMillis() > 0);
      assertThat(takes(pod)).isEqualTo("other secret");
      assertThat(both.getAwaits()).isEmpty();
      assertThat(both.getRefused()).isEmpty();
      accounts(pod, "settled", report -> report.getFormerUntilMillis() == 0);
      assertThat(takes(pod)).isEqualTo("other");
      assertThat(pod.awaitReady().getEnginePid()).isEqualTo(pid);
      assertThat(Files.getPosixFilePermissions(book(pod)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      assertThat(pod.container().output()).doesNotContain("other");
    }
  }

  @Test
  void oneThatCannotBeUsedChangesNothingAndRevertingHeals() throws Exception {
    try (var pod = new Pod()) {
      ready(pod);

      pod.container().password("root", "no");

      AccountsReport refused = accounts(pod, "refused", report -> !report.getRefused().isEmpty());
      assertThat(refused.getRefused()).isEqualTo("the password of \"root\" can't be used");
      assertThat(takes(pod)).isEqualTo("secret");

      pod.container().password("root", "secret");

      accounts(pod, "healed", report -> report.getRefused().isEmpty());
      assertThat(takes(pod)).isEqualTo("secret");
    }
  }

  @Test
  void itSaysWhatItWaitsFor() throws Exception {
    try (var pod = new Pod()) {
      ready(pod);
      Path closed = Files.createFile(pod.container().data().resolve("closed"));

      pod.container().password("root", "other");

      AccountsReport waits = accounts(pod, "waits", report -> !report.getAwaits().isEmpty());
      assertThat(waits.getAwaits()).isEqualTo("somebody else has not changed it yet");
      Files.delete(closed);
      accounts(pod, "taken", report -> report.getFormerUntilMillis() > 0);
      assertThat(takes(pod)).isEqualTo("other secret");
    }
  }

  /** What the agent after it has to log in with is the password from before the change. */
  @Test
  void anAgentThatDiesHalfWayIsFollowedByOneThatGoesOn() throws Exception {
    try (var pod = new Pod()) {
      ready(pod);
      Path hold = Files.createFile(pod.container().data().resolve("slow"));
      pod.container().password("root", "slowly");
      await().until(() -> takes(pod).equals("slowly secret"));

      Pod.kill(pod.container().agent());
      Files.delete(hold);

      accounts(pod, "overlap", report -> report.getFormerUntilMillis() > 0);
      assertThat(takes(pod)).isEqualTo("slowly secret");
    }
  }

  @Test
  void aSecretThatChangesWhileNoAgentRunsIsNoticed() throws Exception {
    try (var pod = new Pod()) {
      ready(pod);
      Pod.kill(pod.container().agent());
      pod.container().password("root", "other");

      accounts(pod, "overlap", report -> report.getFormerUntilMillis() > 0);
      assertThat(takes(pod)).isEqualTo("other secret");
    }
  }

  private static InstanceReport ready(Pod pod) throws Exception {
    pod.container().mount(pod.container().document(1, true, Map.of()));
    pod.container().start();
    pod.runtime().pushAndActivate(pod.plugin("1.0.0"));
    InstanceReport ready = pod.awaitReady();
    await("the passwords are proven").until(() -> Files.exists(book(pod)));
    return ready;
  }

  private static AccountsReport accounts(Pod pod, String what, Predicate<AccountsReport> wanted) {
    return pod.runtime()
        .report(what, report -> Pod.isReady(report) && wanted.test(report.getAccounts()))
        .getAccounts();
  }

  private static Path book(Pod pod) {
    return pod.container().data().resolve(".upm/accounts");
  }

  /** Empty before anything was changed. */
  private static String takes(Pod pod) {
    return pod.container().onVolume("takes");
  }
}
