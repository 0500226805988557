package io.upm.runtime.plugin;

import static io.upm.runtime.plugin.DecidePluginTest.digest;
import static io.upm.runtime.plugin.DecidePluginTest.entry;
import static io.upm.runtime.plugin.DecidePluginTest.plugin;
import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.api.PluginPackageStatus.Rollout;
import io.upm.runtime.api.PluginPackageStatus.RolloutPhase;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import io.upm.runtime.api.RolloutSpec;
import io.upm.runtime.engine.Breaker;
import io.upm.runtime.kube.Conditions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecideRollbackTest {
  private static final Breaker.Trip TRIP = new Breaker.Trip("decide", 5, 6, "no idea");
  private static final Map<String, PluginView.Calls> FAILING = Map.of(digest(2), failing());

  private static PluginView.Calls failing() {
    return new PluginView.Calls(Optional.of(TRIP), new Breaker.Tally(6, 5));
  }

  /** Version 1.1.0 was rolled out a minute ago. */
  private static Plugin rolledOut(VersionStatus... there) {
    return rolledOut(Duration.ofMinutes(1), null, there);
  }

  private static Plugin rolledOut(
      Duration ago, @Nullable RolloutSpec spec, VersionStatus... there) {
    Plugin plugin = plugin("1.1.0", null, null, there);
    PluginPackageSpec wanted = plugin.getSpec();
    plugin.setSpec(
        new PluginPackageSpec(
            wanted.source(), "1.1.0", null, null, null, Map.of(), wanted.suspend(), spec));
    PluginPackageStatus status = plugin.getStatus();
    String since = Conditions.time(DecidePluginTest.NOW.minus(ago));
    return with(
        plugin,
        new PluginPackageStatus(
            2L,
            status.version(),
            status.digest(),
            0,
            null,
            status.versions(),
            new Rollout(
                "1.1.0", "sha256:" + digest(2), 2, RolloutPhase.PROMOTED, since, null, null),
            List.of()));
  }

  private static Plugin with(Plugin plugin, PluginPackageStatus status) {
    plugin.setStatus(status);
    return plugin;
  }

  private static PluginView view(
      Plugin plugin, Map<String, PluginView.Calls> calls, String builtIn) {
    PluginView view = DecidePluginTest.view(plugin, null, List.of());
    return new PluginView(
        plugin,
        view.problems(),
        view.fulfilled(),
        view.wanted(),
        view.serving(),
        view.engines(),
        view.builds(),
        List.of(),
        calls,
        Optional.of(builtIn).filter(version -> !version.isEmpty()),
        List.of(),
        view.now());
  }

  private static PluginPackageStatus status(PluginView view) {
    return PluginReport.status(view, DecidePlugin.decide(view));
  }

  @Test
  void hasTheVersionBeforeServeWhenTheNewOneFailsAndDoesNotTryItAgain() {
    Plugin plugin = rolledOut(entry("1.1.0", 2), entry("1.0.0", 1));

    PluginPackageStatus status = status(view(plugin, FAILING, ""));

    assertThat(status.version()).isEqualTo("1.0.0");
    assertThat(status.digest()).isEqualTo("sha256:" + digest(1));
    assertThat(status.versions())
        .extracting(VersionStatus::version)
        .containsExactly("1.0.0", "1.1.0");
    Rollout rollout = Objects.requireNonNull(status.rollout());
    assertThat(rollout.phase()).isEqualTo(RolloutPhase.ROLLED_BACK);
    assertThat(rollout.reason()).contains("decide failed in 5 of its last 6 calls", "no idea");
    var ready = Conditions.find(status.conditions(), "Ready").orElseThrow();
    assertThat(ready.getStatus()).isEqualTo("False");
    assertThat(ready.getReason()).isEqualTo("RolledBack");
    assertThat(Objects.requireNonNull(status.waitingFor()).unblock()).contains("spec.version");

    // Neither while its calls are remembered as failing nor afterwards.
    plugin.setStatus(status);
    PluginPackageStatus later = status(view(plugin, Map.of(), ""));
    assertThat(later.version()).isEqualTo("1.0.0");
    assertThat(later.rollout()).isEqualTo(rollout);
    assertThat(Conditions.find(later.conditions(), "Ready").orElseThrow().getReason())
        .isEqualTo("RolledBack");
    assertThat(DecideRollback.tookBack(plugin)).isTrue();

    plugin.getMetadata().setGeneration(3L);
    assertThat(DecideRollback.tookBack(plugin)).as("after a change of the spec").isFalse();
  }

  @Test
  void leavesEverythingAsItIsWhenCallsSucceed() {
    Plugin plugin = rolledOut(entry("1.1.0", 2), entry("1.0.0", 1));

    PluginPackageStatus status = status(view(plugin, Map.of(digest(1), failing()), ""));

    assertThat(status.version()).isEqualTo("1.1.0");
    assertThat(Conditions.find(status.conditions(), "Healthy").orElseThrow().getStatus())
        .isEqualTo("True");
  }

  @Test
  void goesBackToWhatCameWithTheRuntimeWhenNothingElseServedBefore() {
    PluginPackageStatus status = status(view(rolledOut(entry("1.1.0", 2)), FAILING, "0.9.0"));

    assertThat(status.version()).isNull();
    assertThat(status.digest()).isNull();
    assertThat(Objects.requireNonNull(status.rollout()).phase())
        .isEqualTo(RolloutPhase.ROLLED_BACK);
  }

  @Test
  void onlyTellsWhenThereIsNothingToGoBackToOrItMayNotOrItIsLate() {
    VersionStatus[] both = {entry("1.1.0", 2), entry("1.0.0", 1)};
    List<PluginView> views =
        List.of(
            view(rolledOut(entry("1.1.0", 2)), FAILING, ""),
            view(
                rolledOut(
                    Duration.ofMinutes(1),
                    new RolloutSpec(false, null, Map.of(), null, null),
                    both),
                FAILING,
                ""),
            view(rolledOut(Duration.ofHours(2), null, both), FAILING, ""),
            view(plugin("1.1.0", null, null, both), FAILING, ""));

    assertThat(views)
        .allSatisfy(view -> {
          PluginPackageStatus status = status(view);
          assertThat(status.version()).isEqualTo("1.1.0");
          var healthy = Conditions.find(status.conditions(), "Healthy").orElseThrow();
          assertThat(healthy.getReason()).isEqualTo("CallsFail");
          assertThat(healthy.getMessage()).contains("decide failed");
        });
  }
}
