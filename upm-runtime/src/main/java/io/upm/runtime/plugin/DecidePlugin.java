package io.upm.runtime.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.host.plugin.PluginKey;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.definition.Narrowing;
import io.upm.runtime.engine.PluginTrial.Findings;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.plugin.DecideRollback.Retreat;
import io.upm.spi.Problem;
import io.upm.spi.engine.EngineVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides which build of a plugin is to serve. Pure. The rules:
 *
 * <ol>
 *   <li>A spec that can't be carried out changes nothing, and neither does one that is suspended.
 *   <li>What fails soon after it began to serve is taken back, see {@link DecideRollback}.
 *   <li>What serves goes on until the wanted build is here, in order and allowed.
 *   <li>An engine is served by one plugin: the first one stays.
 *   <li>A build that doesn't serve the version of a UnitSet that follows the plugin isn't allowed.
 *   <li>Nor is one that takes less in an object of one of its kinds than was taken before; but one
 *       that served here before is, and the definition stays as it is.
 *   <li>What is to be tried on some UnitSets first is, see {@link DecideCanary}.
 * </ol>
 */
final class DecidePlugin {
  static final String FETCHING = "Fetching";
  static final String IN_USE = "EngineVersionInUse";

  /** Things that are named in one sentence. */
  private static final int NAMED = 3;

  private static final int MIB = 1 << 20;

  private final PluginView view;
  private final PluginPackageSpec spec;

  private DecidePlugin(PluginView view) {
    this.view = view;
    this.spec = view.plugin().getSpec();
  }

  static PluginDecision decide(PluginView view) {
    return new DecidePlugin(view).decide();
  }

  private PluginDecision decide() {
    if (!view.problems().isEmpty()) {
      return not(
          "InvalidSpec",
          view.problems().stream().map(Problem::sentence).collect(Collectors.joining("; ")));
    }
    Optional<Retreat> retreat = DecideRollback.decide(view);
    if (retreat.isPresent()) {
      return DecideRollback.tookBack(view, retreat.get());
    }
    if (view.fulfilled()) {
      return fulfilled();
    }
    if (DecideRollback.tookBack(view.plugin())) {
      return DecideRollback.tookBack(view.plugin(), DecideRollback.reason(view.plugin()));
    }
    if (spec.suspended()) {
      return not(
          "Suspended", "spec.suspend is true: version %s isn't fetched".formatted(spec.version()));
    }
    return switch (view.wanted().orElseThrow()) {
      case Stages.State.Running running -> running(running);
      case Stages.State.Refused refused -> not(refused.reason().word(), refused.sentence());
      case Stages.State.Ready ready -> arrived(ready.staged());
    };
  }

  /** The status names the wanted build; whether it serves is another question. */
  private PluginDecision fulfilled() {
    PluginPackageStatus status = view.plugin().getStatus();
    String digest = Wishes.bare(String.valueOf(status.digest()));
    if (view.serves(digest)) {
      return PluginDecision.of(
          Conditions.TRUE, "Serving", "version %s serves".formatted(spec.version()));
    }
    return view.serving()
        .map(state ->
            switch (state) {
              case Stages.State.Running running -> running(running);
              case Stages.State.Refused refused -> not(refused.reason().word(), refused.sentence());
              case Stages.State.Ready ready -> activating();
            })
        .orElseGet(this::activating);
  }

  private PluginDecision activating() {
    return PluginDecision.of(
            Conditions.UNKNOWN,
            "Activating",
            "version %s is about to serve".formatted(spec.version()))
        .awaiting("version %s serves".formatted(spec.version()), "");
  }

  private PluginDecision running(Stages.State.Running running) {
    String source = PluginSource.of(spec.source(), spec.version()).text();
    if (running.trouble().isPresent()) {
      return not(
              "FetchFailed", "%s can't be fetched: %s".formatted(source, running.trouble().get()))
          .awaiting(
              "%s can be read".formatted(source), "see to the source, or correct spec.source");
    }
    String arrived =
        running.bytes() == 0
            ? ""
            : running.of() > 0
                ? ": %d of %d MiB".formatted(mebi(running.bytes()), mebi(running.of()))
                : ": %d MiB".formatted(mebi(running.bytes()));
    return PluginDecision.of(
            Conditions.UNKNOWN, FETCHING, "%s is being fetched%s".formatted(source, arrived))
        .awaiting("%s is here".formatted(source), "");
  }

  private static long mebi(long bytes) {
    return (bytes + MIB - 1) / MIB;
  }

  private PluginDecision arrived(Staged staged) {
    Findings findings = staged.findings().orElseThrow();
    Optional<PluginKey> other =
        Optional.ofNullable(view.engines().get(findings.engine()))
            .filter(key -> !key.id().equals(view.id()));
    if (other.isPresent()) {
      return not(
              "EngineTaken",
              "engine %s is served by plugin %s already".formatted(findings.engine(), other.get()))
          .awaiting(
              "no other plugin serves engine %s".formatted(findings.engine()),
              "remove plugin %s, or this one".formatted(other.get().id()));
    }
    List<UnitSetUse> dropped =
        view.uses().stream()
            .filter(use -> use.engine().equals(findings.engine()) && use.follows())
            .filter(use -> !serves(findings, use.engineVersion()))
            .toList();
    if (!dropped.isEmpty()) {
      return dropped(findings, dropped);
    }
    List<String> narrower = servedBefore(staged) ? List.of() : narrower(findings);
    if (!narrower.isEmpty()) {
      return narrower(narrower);
    }
    return DecideCanary.decide(view, staged).orElseGet(() -> activating().serving(staged));
  }

  private boolean servedBefore(Staged staged) {
    String digest = Wishes.prefixed(staged.archive().key().digest());
    return Wishes.entries(view.plugin()).stream().anyMatch(one -> one.digest().equals(digest));
  }

  private List<String> narrower(Findings findings) {
    var found = new ArrayList<String>();
    for (JsonNode live : view.definitions()) {
      String kind = live.path("spec").path("names").path("kind").asText();
      Optional<JsonNode> next =
          findings.definitions().stream()
              .filter(one -> Narrowing.name(one).equals(Narrowing.name(live)))
              .findFirst();
      if (next.isEmpty()) {
        found.add("kind %s is gone".formatted(kind));
      } else {
        Narrowing.between(live, next.get())
            .forEach(what -> found.add("%s: %s".formatted(kind, what)));
      }
    }
    return found;
  }

  private PluginDecision narrower(List<String> narrower) {
    return not(
            "NarrowsKind",
            "version %s of the plugin takes less than objects may hold that are there: %s"
                .formatted(spec.version(), some(narrower, "; ")))
        .awaiting(
            "a version of the plugin is wanted that takes all that is taken now",
            "name another version in spec.version; its author can bring one that narrows nothing");
  }

  private static String some(List<String> all, String between) {
    String named = all.stream().limit(NAMED).collect(Collectors.joining(between));
    return all.size() > NAMED ? "%s and %d more".formatted(named, all.size() - NAMED) : named;
  }

  /** What a UnitSet can't be parsed as is its own problem, and no plugin's. */
  private static boolean serves(Findings findings, String version) {
    try {
      EngineVersion parsed = EngineVersion.parse(version);
      return findings.series().stream().anyMatch(series -> series.serves(parsed));
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  private PluginDecision dropped(Findings findings, List<UnitSetUse> dropped) {
    List<String> sets =
        dropped.stream()
            .map(use -> "%s (%s)".formatted(use.fullName(), use.engineVersion()))
            .toList();
    return not(
            IN_USE,
            "version %s of the plugin doesn't serve the %s version of UnitSets %s"
                .formatted(spec.version(), findings.engine(), some(sets, ", ")))
        .awaiting(
            "no UnitSet that follows the plugin has a version that it doesn't serve",
            "upgrade those databases first, or name the plugin's present version in their"
                + " spec.plugin.version");
  }

  private static PluginDecision not(String reason, String message) {
    return PluginDecision.of(Conditions.FALSE, reason, message);
  }
}
