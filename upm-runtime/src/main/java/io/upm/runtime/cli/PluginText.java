package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.api.PluginPackageStatus.RolloutPhase;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import io.upm.runtime.cli.Table.Column;
import io.upm.runtime.kube.Conditions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of {@code upm plugin list}. Pure. */
final class PluginText {
  private PluginText() {}

  /** Nothing is shortened: a sentence that lost its middle helps nobody. */
  static List<String> lines(List<Plugin> plugins) {
    var table =
        new Table(
            Column.of("PLUGIN"),
            Column.of("VERSION"),
            Column.of("ENGINE"),
            Column.of("PHASE"),
            Column.of("UNITSETS"),
            Column.of("SIGNED BY"),
            Column.of("WHY NOT"));
    plugins.stream()
        .sorted(Comparator.comparing(plugin -> plugin.getMetadata().getName()))
        .forEach(plugin -> rows(table, plugin));
    return table.lines(Integer.MAX_VALUE);
  }

  /** A wanted version that isn't among them yet has a row of its own, with what is in the way. */
  private static void rows(Table table, Plugin plugin) {
    String name = plugin.getMetadata().getName();
    PluginPackageStatus status = plugin.getStatus();
    List<VersionStatus> versions = status == null ? List.of() : status.versions();
    String wanted = plugin.getSpec().version();
    String why = why(status);
    boolean there = versions.stream().anyMatch(one -> one.version().equals(wanted));
    if (!there) {
      table.row(name, wanted, "", "", "", "", why.isEmpty() ? "not looked at yet" : why);
    }
    for (VersionStatus version : versions) {
      boolean told = version.version().equals(wanted);
      table.row(
          name,
          version.version(),
          Objects.requireNonNullElse(version.engine(), ""),
          phase(status, version),
          Integer.toString(version.unitSets()),
          Objects.requireNonNullElse(version.signedBy(), ""),
          told && !why.isEmpty() ? why : Objects.requireNonNullElse(version.heldBy(), ""));
    }
  }

  /** Of one that serves some UnitSets first, that. */
  private static String phase(@Nullable PluginPackageStatus status, VersionStatus version) {
    return Optional.ofNullable(status)
        .map(PluginPackageStatus::rollout)
        .filter(rollout -> rollout.digest().equals(version.digest()))
        .filter(rollout -> rollout.phase() == RolloutPhase.CANARY)
        .map(rollout -> "Canary")
        .orElseGet(() -> word(version.phase()));
  }

  private static String why(@Nullable PluginPackageStatus status) {
    return Optional.ofNullable(status)
        .flatMap(one -> Conditions.find(one.conditions(), "Ready"))
        .filter(ready -> !Conditions.TRUE.equals(ready.getStatus()))
        .map(Condition::getMessage)
        .orElse("");
  }

  private static String word(PluginPackageStatus.Phase phase) {
    String name = phase.name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }
}
