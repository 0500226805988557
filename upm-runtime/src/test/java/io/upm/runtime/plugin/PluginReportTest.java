package io.upm.runtime.plugin;

import static io.upm.runtime.plugin.DecidePluginTest.digest;
import static io.upm.runtime.plugin.DecidePluginTest.entry;
import static io.upm.runtime.plugin.DecidePluginTest.plugin;
import static io.upm.runtime.plugin.DecidePluginTest.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.upm.host.plugin.PluginPhase;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.api.PluginPackageStatus.Phase;
import io.upm.runtime.kube.Events.Note;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PluginReportTest {
  private static final String HOLDER = "thread \"left\" > Thread.contextClassLoader";

  @Test
  void namesWhatHoldsABuildThatShouldBeGone() {
    Plugin plugin = plugin("1.1.0", null, null, entry("1.1.0", 2), entry("1.0.0", 1));
    var leaked = new PluginView.Build(PluginPhase.LEAKED, 0, Optional.of(HOLDER), Optional.empty());
    PluginView view = with(view(plugin, null, List.of()), Map.of(digest(1), leaked));

    PluginPackageStatus status = PluginReport.status(view, DecidePlugin.decide(view));

    assertThat(status.versions().get(1).phase()).isEqualTo(Phase.LEAKED);
    assertThat(status.versions().get(1).heldBy()).isEqualTo(HOLDER);
    assertThat(status.versions().getFirst().heldBy()).isNull();
    assertThat(PluginReport.notes(plugin.getStatus(), status))
        .filteredOn(note -> note.reason().equals("Leaked"))
        .singleElement()
        .satisfies(note -> assertThat(note.warning()).isTrue())
        .extracting(Note::message)
        .asString()
        .contains("1.0.0", HOLDER);
  }

  private static PluginView with(PluginView view, Map<String, PluginView.Build> builds) {
    return new PluginView(
        view.plugin(),
        view.problems(),
        view.fulfilled(),
        view.wanted(),
        view.serving(),
        view.engines(),
        builds,
        view.definitions(),
        Map.of(),
        view.builtIn(),
        view.uses(),
        view.now());
  }
}
