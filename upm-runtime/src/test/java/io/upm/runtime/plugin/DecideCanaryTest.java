package io.upm.runtime.plugin;

import static io.upm.runtime.plugin.DecidePluginTest.NOW;
import static io.upm.runtime.plugin.DecidePluginTest.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.upm.host.plugin.PluginArchive;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.api.PluginPackageStatus.Rollout;
import io.upm.runtime.api.PluginPackageStatus.RolloutPhase;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import io.upm.runtime.api.RolloutSpec;
import io.upm.runtime.engine.Breaker;
import io.upm.runtime.engine.PluginTrial;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.kube.Conditions;
import io.upm.spi.engine.EngineSeries;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecideCanaryTest {
  private static final RolloutSpec LABELLED =
      new RolloutSpec(null, null, Map.of("tier", "test"), "30m", 10);
  private static final Map<String, String> CHOSEN = Map.of("tier", "test");
  private static final List<UnitSetUse> USES =
      Stream.concat(
              IntStream.range(0, 4).mapToObj(i -> use("test-" + i, "", CHOSEN)),
              Stream.of(use("other", "", Map.of()), use("pinned", "1.0.0", CHOSEN)))
          .toList();

  @TempDir private Path directory;

  private PluginArchive archive;
  private Plugin plugin;

  private static UnitSetUse use(String name, String version, Map<String, String> labels) {
    return new UnitSetUse("ns", name, "toy", "1.2", version, labels);
  }

  @BeforeEach
  void serve() throws IOException {
    Path zip = directory.resolve("toy.zip");
    ToyZip.sound("toy", "1.1.0", "1").write(zip);
    archive = PluginArchive.read(zip);
    plugin = DecidePluginTest.plugin("1.1.0", null, null, entry("1.0.0", 1));
    spec(LABELLED);
  }

  private void spec(@Nullable RolloutSpec rollout) {
    PluginPackageSpec spec = plugin.getSpec();
    plugin.setSpec(
        new PluginPackageSpec(
            spec.source(), spec.version(), null, null, null, Map.of(), null, rollout));
  }

  /** Decides and writes what follows into the status. */
  private PluginPackageStatus look(
      Duration after, Breaker.@Nullable Trip trip, Breaker.Tally tally, List<UnitSetUse> uses) {
    var findings =
        new PluginTrial.Findings(
            "toy",
            List.of(EngineSeries.of("1.x", "1.0", "2.0", "toy:{version}")),
            ">=0.1.0",
            List.of(),
            Set.of());
    var ready =
        new Stages.State.Ready(new Staged(archive, Optional.of(findings), Optional.empty()));
    PluginView view = DecidePluginTest.view(plugin, ready, uses);
    PluginView seen =
        new PluginView(
            plugin,
            List.of(),
            view.fulfilled(),
            view.wanted(),
            view.serving(),
            view.engines(),
            Map.of(),
            List.of(),
            Map.of(archive.key().digest(), new PluginView.Calls(Optional.ofNullable(trip), tally)),
            Optional.empty(),
            uses,
            NOW.plus(after));
    PluginPackageStatus status = PluginReport.status(seen, DecidePlugin.decide(seen));
    plugin.setStatus(status);
    return status;
  }

  private PluginPackageStatus look(Duration after) {
    return look(after, null, new Breaker.Tally(100, 10), USES);
  }

  private static Rollout rollout(PluginPackageStatus status) {
    return Objects.requireNonNull(status.rollout());
  }

  private static String reason(PluginPackageStatus status) {
    return Conditions.find(status.conditions(), "Ready").orElseThrow().getReason();
  }

  @Test
  void servesSomeUnitSetsThenAll() {
    PluginPackageStatus begun = look(Duration.ZERO);
    assertThat(begun.version()).isEqualTo("1.0.0");
    assertThat(rollout(begun).phase()).isEqualTo(RolloutPhase.CANARY);
    assertThat(reason(begun)).isEqualTo("Canary");

    PluginPackageStatus on = look(Duration.ofMinutes(29));
    assertThat(on.version()).isEqualTo("1.0.0");
    assertThat(rollout(on).unitSets()).isEqualTo(4);
    assertThat(on.versions())
        .extracting(VersionStatus::version, VersionStatus::unitSets)
        .containsExactlyInAnyOrder(tuple("1.0.0", 2), tuple("1.1.0", 4));
    assertThat(Objects.requireNonNull(on.waitingFor()).predicate())
        .contains(Conditions.time(NOW.plus(Duration.ofMinutes(30))));
    assertThat(look(Duration.ofMinutes(29))).as("looking again changes nothing").isEqualTo(on);

    PluginPackageStatus promoted = look(Duration.ofMinutes(30));
    assertThat(promoted.version()).isEqualTo("1.1.0");
    assertThat(rollout(promoted).phase()).isEqualTo(RolloutPhase.PROMOTED);
    assertThat(Instant.parse(rollout(promoted).since()))
        .isEqualTo(NOW.plus(Duration.ofMinutes(30)));
  }

  @Test
  void isTakenBackWhenMoreCallsFailThanMay() {
    look(Duration.ZERO);

    PluginPackageStatus failed =
        look(Duration.ofMinutes(1), null, new Breaker.Tally(100, 11), USES);

    assertThat(failed.version()).isEqualTo("1.0.0");
    assertThat(rollout(failed).phase()).isEqualTo(RolloutPhase.ROLLED_BACK);
    assertThat(rollout(failed).reason()).contains("11 of its 100 calls failed", "10 percent");
    assertThat(reason(failed)).isEqualTo("RolledBack");
    assertThat(reason(look(Duration.ofHours(9)))).as("not tried again").isEqualTo("RolledBack");

    plugin.getMetadata().setGeneration(3L);
    assertThat(rollout(look(Duration.ofHours(9))).phase())
        .as("but after a change of the spec")
        .isEqualTo(RolloutPhase.CANARY);
  }

  @Test
  void isTakenBackWhenItsBreakerTrips() {
    look(Duration.ZERO);

    PluginPackageStatus failed =
        look(
            Duration.ofMinutes(1),
            new Breaker.Trip("decide", 5, 10, "no idea"),
            new Breaker.Tally(1000, 5),
            USES);

    assertThat(failed.version()).isEqualTo("1.0.0");
    assertThat(rollout(failed).reason()).contains("decide failed", "no idea");
  }

  @Test
  void waitsForAUnitSetThatTriesIt() {
    List<UnitSetUse> none = List.of(use("other", "", Map.of()));
    look(Duration.ZERO, null, Breaker.Tally.NONE, none);

    PluginPackageStatus waiting = look(Duration.ofHours(1), null, Breaker.Tally.NONE, none);

    assertThat(waiting.version()).isEqualTo("1.0.0");
    assertThat(Objects.requireNonNull(waiting.waitingFor()).unblock()).contains("spec.rollout");
    PluginPackageStatus tried = look(Duration.ofHours(2));
    assertThat(tried.version()).as("the pause begins with the first UnitSet").isEqualTo("1.0.0");
    assertThat(Instant.parse(rollout(tried).since())).isEqualTo(NOW.plus(Duration.ofHours(2)));
    assertThat(look(Duration.ofMinutes(149)).version()).isEqualTo("1.0.0");
    assertThat(look(Duration.ofMinutes(150)).version()).isEqualTo("1.1.0");
  }

  @Test
  void servesAllAtOnceWithoutStepsAndEndsWhenTheSpecWantsSomethingElse() {
    look(Duration.ZERO);
    spec(null);
    assertThat(look(Duration.ofSeconds(1)).version()).isEqualTo("1.1.0");

    plugin = DecidePluginTest.plugin("1.1.0", null, null, entry("1.0.0", 1));
    spec(LABELLED);
    PluginPackageStatus begun = look(Duration.ZERO);
    plugin = DecidePluginTest.plugin("1.0.0", null, null, entry("1.0.0", 1));
    spec(LABELLED);
    plugin.setStatus(begun);
    PluginPackageStatus back = look(Duration.ofSeconds(1));
    assertThat(back.version()).isEqualTo("1.0.0");
    assertThat(back.rollout()).isNull();
    assertThat(reason(back)).isEqualTo("Serving");
  }
}
