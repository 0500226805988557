package io.upm.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginKey;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.PluginPackageSpec.SignaturePolicy;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.api.PluginPackageStatus.Phase;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import io.upm.runtime.definition.Definitions;
import io.upm.runtime.engine.PluginTrial;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.toy.ToyManager;
import io.upm.spi.engine.EngineSeries;
import io.upm.testkit.crd.TopologyCrd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecidePluginTest {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Wishes WISHES = new Wishes(SignaturePolicy.IF_PRESENT);

  @TempDir private Path directory;

  static String digest(int build) {
    return "%064x".formatted(build);
  }

  static VersionStatus entry(String version, int build) {
    return entry(version, "sha256:" + digest(build));
  }

  private static VersionStatus entry(String version, String digest) {
    return new VersionStatus(
        version,
        digest,
        "file:///p/" + version + ".zip",
        Phase.ACTIVE,
        ">=0.1.0",
        "toy",
        List.of("1.x"),
        null,
        null,
        0,
        null,
        null,
        null);
  }

  static Plugin plugin(
      String wanted, @Nullable String digest, @Nullable Boolean suspend, VersionStatus... there) {
    var plugin = new Plugin();
    plugin.setMetadata(new ObjectMetaBuilder().withName("toy").withGeneration(2L).build());
    plugin.setSpec(
        new PluginPackageSpec(
            "file:///p/{version}.zip", wanted, digest, null, null, Map.of(), suspend));
    if (there.length > 0) {
      plugin.setStatus(
          new PluginPackageStatus(
              1L, there[0].version(), there[0].digest(), 0, null, List.of(there), null, List.of()));
    }
    return plugin;
  }

  static PluginView view(Plugin plugin, Stages.@Nullable State wanted, List<UnitSetUse> uses) {
    PluginPackageStatus status = plugin.getStatus();
    Map<String, PluginKey> engines =
        status == null || status.digest() == null
            ? Map.of()
            : Map.of(
                "toy",
                new PluginKey(
                    "toy", String.valueOf(status.version()), Wishes.bare(status.digest())));
    return new PluginView(
        plugin,
        PluginRules.check(plugin).stream().toList(),
        WISHES.fulfilled(plugin),
        Optional.ofNullable(wanted),
        Optional.empty(),
        engines,
        Map.of(),
        List.of(),
        Map.of(),
        Optional.empty(),
        uses,
        NOW);
  }

  private static Stages.State running(long bytes, long of, @Nullable String trouble) {
    return new Stages.State.Running(NOW, bytes, of, Optional.ofNullable(trouble));
  }

  @Test
  void isReadyWhenTheWantedBuildServes() {
    PluginDecision decision =
        DecidePlugin.decide(view(plugin("1.0.0", null, null, entry("1.0.0", 1)), null, List.of()));

    assertThat(decision.ready()).isEqualTo(Conditions.TRUE);
    assertThat(decision.serve()).isEmpty();
  }

  @Test
  void tellsHowMuchHasArrivedAndWhatWentWrong() {
    Plugin plugin = plugin("1.1.0", null, null, entry("1.0.0", 1));

    PluginDecision fetching =
        DecidePlugin.decide(view(plugin, running(12 << 20, 30 << 20, null), List.of()));
    assertThat(fetching.ready()).isEqualTo(Conditions.UNKNOWN);
    assertThat(fetching.message()).contains("12 of 30 MiB");

    PluginDecision failing =
        DecidePlugin.decide(view(plugin, running(0, 0, "no route"), List.of()));
    assertThat(failing.reason()).isEqualTo("FetchFailed");
    assertThat(failing.message()).contains("no route");
    assertThat(failing.unblock()).isPresent();
  }

  @Test
  void fetchesNothingWhileItIsSuspended() {
    PluginDecision decision =
        DecidePlugin.decide(view(plugin("1.1.0", null, true, entry("1.0.0", 1)), null, List.of()));

    assertThat(decision.reason()).isEqualTo("Suspended");
  }

  @Test
  void wantsTheDigestOfTheSpecElseTheOneThatWasFetchedFirst() {
    Plugin seen = plugin("1.0.0", null, null, entry("1.1.0", 2), entry("1.0.0", 1));
    assertThat(WISHES.wanted(seen).digest()).contains(digest(1));
    assertThat(WISHES.wanted(seen).pinned()).isTrue();
    assertThat(WISHES.fulfilled(seen)).isFalse();

    Plugin given = plugin("1.0.0", "sha256:" + digest(9), null, entry("1.0.0", 1));
    assertThat(WISHES.wanted(given).digest()).contains(digest(9));
    assertThat(WISHES.wanted(given).pinned()).isFalse();
    assertThat(WISHES.fulfilled(given)).isFalse();
    assertThat(WISHES.wanted(plugin("2.0.0", null, null, entry("1.0.0", 1))).digest()).isEmpty();
  }

  @Test
  void keepsThreeUnusedVersionsAndAllThatUnitSetsName() {
    VersionStatus[] there =
        IntStream.range(0, 8)
            .mapToObj(at -> entry("1.%d.0".formatted(at), at + 1))
            .toArray(VersionStatus[]::new);
    Plugin plugin = plugin("1.0.0", null, null, there);
    var pinned = new UnitSetUse("ns", "db", "toy", "1.0", "1.7.0", Map.of());
    var following = new UnitSetUse("ns", "other", "toy", "1.0", "", Map.of());
    PluginView view = view(plugin, null, List.of(pinned, following));

    PluginPackageStatus status = PluginReport.status(view, DecidePlugin.decide(view));

    assertThat(status.versions())
        .extracting(VersionStatus::version)
        .containsExactly("1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.7.0");
    assertThat(status.versions().getFirst().unitSets()).isEqualTo(1);
    assertThat(status.versions().getLast().unitSets()).isEqualTo(1);
    assertThat(status.unitSets()).isEqualTo(2);
  }

  private static PluginView with(PluginView view, List<JsonNode> definitions) {
    return new PluginView(
        view.plugin(),
        view.problems(),
        view.fulfilled(),
        view.wanted(),
        view.serving(),
        view.engines(),
        view.builds(),
        definitions,
        view.calls(),
        view.builtIn(),
        view.uses(),
        view.now());
  }

  private static JsonNode definition(String yaml) {
    return Definitions.tree(Definitions.read(yaml));
  }

  private Stages.State ready(String version, String yaml) throws IOException {
    Path zip = directory.resolve(version + ".zip");
    ToyZip.sound("toy", version, "1").with("crds/toy.yaml", yaml).write(zip);
    var findings =
        new PluginTrial.Findings(
            "toy",
            List.of(EngineSeries.of("1.x", "1.0", "2.0", "toy:{version}")),
            ">=0.1.0",
            List.of(definition(yaml)),
            Set.of());
    return new Stages.State.Ready(
        new Staged(PluginArchive.read(zip), Optional.of(findings), Optional.empty()));
  }

  @Test
  void refusesABuildThatNarrowsAKindUnlessItServedBefore() throws IOException {
    String wide = TopologyCrd.yaml(new ToyManager().descriptor());
    String narrow = wide.replace("misbehave:", "behave:");
    Plugin plugin = plugin("1.1.0", null, null, entry("1.0.0", 1));
    PluginView view = view(plugin, ready("1.1.0", narrow), List.of());

    PluginDecision refused = DecidePlugin.decide(with(view, List.of(definition(wide))));
    assertThat(refused.serve()).isEmpty();
    assertThat(refused.reason()).isEqualTo("NarrowsKind");
    assertThat(refused.message()).contains("ToyReplication: spec.misbehave is gone");
    assertThat(refused.unblock())
        .hasValueSatisfying(text -> assertThat(text).contains("spec.version"));

    assertThat(DecidePlugin.decide(with(view, List.of(definition(narrow)))).serve()).isPresent();
    String gone = wide.replace("toyreplications.", "others.");
    assertThat(DecidePlugin.decide(with(view, List.of(definition(gone)))).message())
        .contains("kind ToyReplication is gone");

    Stages.State.Ready known = (Stages.State.Ready) ready("0.9.0", narrow);
    String digest = known.staged().archive().key().digest();
    VersionStatus before = entry("0.9.0", Wishes.prefixed(digest));
    PluginView back =
        view(plugin("0.9.0", null, null, entry("1.0.0", 1), before), known, List.of());
    assertThat(DecidePlugin.decide(with(back, List.of(definition(wide)))).serve()).isPresent();
  }
}
