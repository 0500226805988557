package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.api.PluginPackageStatus.Phase;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Conditions.Wanted;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PluginTextTest {
  private static final Wanted SERVING = Wanted.is("Ready", "Serving", "version 1.1.0 serves");
  private static final Wanted REFUSED =
      Wanted.not("Ready", "DigestMismatch", "its digest is another one");

  @Test
  void listsVersionsTheOneThatServesFirst() {
    Plugin plugin =
        plugin(
            "1.1.0",
            SERVING,
            entry("1.1.0", "b", Phase.ACTIVE, null),
            entry("1.0.0", "a", Phase.LEAKED, "thread \"timer\""));

    assertThat(PluginText.lines(List.of(plugin)))
        .containsExactly(
            "PLUGIN  VERSION  ENGINE  PHASE   UNITSETS  SIGNED BY  WHY NOT",
            "toy     1.1.0    toy     Active  2         us         -",
            "toy     1.0.0    toy     Leaked  2         us         thread \"timer\"");
  }

  @Test
  void listsWhatIsWantedAndWhyItIsNotThere() {
    Plugin refused = plugin("1.2.0", REFUSED, entry("1.1.0", "b", Phase.ACTIVE, null));
    Plugin fresh = plugin("1.0.0", SERVING);
    fresh.setStatus(null);
    fresh.getMetadata().setName("a-new-one");

    assertThat(PluginText.lines(List.of(refused, fresh)))
        .containsExactly(
            "PLUGIN     VERSION  ENGINE  PHASE   UNITSETS  SIGNED BY  WHY NOT",
            "a-new-one  1.0.0    -       -       -         -          not looked at yet",
            "toy        1.2.0    -       -       -         -          its digest is another one",
            "toy        1.1.0    toy     Active  2         us         -");
  }

  @Test
  void saysWhatThereIsWhenNoneIsInstalled() {
    assertThat(PluginListCommand.nothing(Optional.of(new TreeMap<>())))
        .contains("there is no engine until one is installed: upm plugin install");
    assertThat(PluginListCommand.nothing(Optional.of(new TreeMap<>(Map.of("toy", "toys 1.2.0")))))
        .endsWith("what came with the runtime serves: toy (plugin toys 1.2.0)");
    assertThat(PluginListCommand.nothing(Optional.empty())).doesNotContain("there is no engine");
  }

  @Test
  void waitsForTheSpecThatItWroteAndEndsAtARefusal() {
    assertThat(PluginLook.at(plugin("1.1.0", SERVING)))
        .isEqualTo(new PluginLook(true, false, "version 1.1.0 serves"));
    assertThat(PluginLook.at(plugin("1.1.0", REFUSED)))
        .isEqualTo(new PluginLook(false, true, "its digest is another one"));
    assertThat(
            PluginLook.at(plugin("1.1.0", Wanted.not("Ready", "FetchFailed", "it can't be read"))))
        .isEqualTo(new PluginLook(false, false, "it can't be read"));
    Plugin changed = plugin("1.1.0", SERVING);
    changed.getMetadata().setGeneration(2L);
    assertThat(PluginLook.at(changed))
        .isEqualTo(new PluginLook(false, false, "the runtime has not looked at it yet"));
  }

  @Test
  void rollsBackToTheBuildBeforeOrToOneThatIsNamed() {
    Plugin plugin =
        plugin(
            "1.2.0",
            SERVING,
            entry("1.2.0", "c", Phase.ACTIVE, null),
            entry("1.1.0", "b", Phase.RECLAIMED, null),
            entry("1.0.0", "a", Phase.RECLAIMED, null));

    assertThat(PluginRollbackCommand.target(plugin, null).digest()).isEqualTo("b");
    assertThat(PluginRollbackCommand.target(plugin, "1.0.0").digest()).isEqualTo("a");
    assertThatThrownBy(() -> PluginRollbackCommand.target(plugin, "1.2.0"))
        .hasMessage(
            "there is no other build of version 1.2.0 of plugin toy; there is: 1.1.0, 1.0.0");
  }

  private static Plugin plugin(String version, Wanted ready, VersionStatus... versions) {
    var plugin = new Plugin();
    plugin.getMetadata().setName("toy");
    plugin.getMetadata().setGeneration(1L);
    plugin.setSpec(
        new PluginPackageSpec("file:///toy.zip", version, null, null, null, Map.of(), null));
    plugin.setStatus(
        new PluginPackageStatus(
            1L,
            versions.length == 0 ? null : versions[0].version(),
            versions.length == 0 ? null : versions[0].digest(),
            0,
            null,
            List.of(versions),
            null,
            Conditions.merge(null, List.of(ready), 1L, Instant.EPOCH)));
    return plugin;
  }

  private static VersionStatus entry(
      String version, String digest, Phase phase, @Nullable String holder) {
    return new VersionStatus(
        version, digest, null, phase, null, "toy", List.of(), "us", null, 2, null, holder, null);
  }
}
