package io.upm.runtime.plugin;

import io.upm.host.plugin.PluginPhase;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.api.PluginPackageStatus.Awaited;
import io.upm.runtime.api.PluginPackageStatus.Phase;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import io.upm.runtime.engine.Breaker;
import io.upm.runtime.engine.PluginTrial.Findings;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Conditions.Wanted;
import io.upm.runtime.kube.Events.Note;
import io.upm.spi.engine.EngineSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status of a Plugin. Pure. */
final class PluginReport {
  static final String READY = "Ready";
  static final String SERVING = "Serving";
  static final String HEALTHY = "Healthy";

  /** Versions that nobody uses and that are kept to go back to. */
  static final int KEPT = 3;

  private final PluginView view;
  private final PluginDecision decision;
  private final @Nullable PluginPackageStatus last;

  private PluginReport(PluginView view, PluginDecision decision) {
    this.view = view;
    this.decision = decision;
    this.last = view.plugin().getStatus();
  }

  static PluginPackageStatus status(PluginView view, PluginDecision decision) {
    return new PluginReport(view, decision).status();
  }

  private PluginPackageStatus status() {
    Optional<VersionStatus> next = decision.serve().or(decision::tried).map(this::fresh);
    Optional<VersionStatus> serving =
        decision.serve().isPresent()
            ? next
            : decision.retreat().isPresent()
                ? decision.retreat().get().to()
                : last == null
                    ? Optional.empty()
                    : last.versions().stream()
                        .filter(one -> Wishes.isServing(view.plugin(), one))
                        .findFirst();
    String digest = serving.map(VersionStatus::digest).orElse(null);
    String version = serving.map(VersionStatus::version).orElse(null);
    List<VersionStatus> versions = versions(next, digest);
    Long generation = view.plugin().getMetadata().getGeneration();
    return new PluginPackageStatus(
        generation,
        version,
        digest,
        versions.stream().mapToInt(VersionStatus::unitSets).sum(),
        awaited(),
        versions,
        RolloutReport.after(view, decision),
        Conditions.merge(
            last == null ? null : last.conditions(),
            List.of(ready(), serving(version, digest), healthy(version, digest)),
            generation,
            view.now()));
  }

  /** The one that is to serve, then the others, of which the unused ones are not kept for ever. */
  private List<VersionStatus> versions(Optional<VersionStatus> next, @Nullable String digest) {
    var all = new ArrayList<VersionStatus>();
    next.ifPresent(all::add);
    (last == null ? List.<VersionStatus>of() : last.versions())
        .stream()
            .filter(one -> all.stream().noneMatch(other -> other.digest().equals(one.digest())))
            .toList()
            .forEach(all::add);
    var told = new ArrayList<VersionStatus>();
    int unused = 0;
    for (VersionStatus entry : all) {
      boolean serves = entry.digest().equals(digest);
      VersionStatus now = now(entry, serves, all);
      boolean used = serves || now.unitSets() > 0 || now.phase() == Phase.DRAINING;
      unused += used ? 0 : 1;
      if (used || unused <= KEPT) {
        told.add(serves ? 0 : told.size(), now);
      }
    }
    return told;
  }

  private VersionStatus fresh(Staged staged) {
    Findings findings = staged.findings().orElseThrow();
    return new VersionStatus(
        staged.archive().key().version(),
        Wishes.prefixed(staged.archive().key().digest()),
        PluginSource.of(view.plugin().getSpec().source(), staged.archive().key().version()).text(),
        Phase.VERIFIED,
        findings.requires(),
        findings.engine(),
        findings.series().stream().map(EngineSeries::name).toList(),
        staged.signedBy().orElse(null),
        staged.archive().tck().sentence(),
        0,
        null,
        null,
        null);
  }

  private VersionStatus now(VersionStatus entry, boolean serves, List<VersionStatus> all) {
    String digest = Wishes.bare(entry.digest());
    Optional<PluginView.Build> build = Optional.ofNullable(view.builds().get(digest));
    Phase phase = phase(entry, serves, build);
    return new VersionStatus(
        entry.version(),
        entry.digest(),
        entry.source(),
        phase,
        entry.apiRange(),
        entry.engine(),
        entry.engineVersions(),
        entry.signedBy(),
        entry.tck(),
        unitSets(entry, serves, all),
        phase == Phase.DRAINING ? build.map(PluginView.Build::inFlight).orElse(null) : null,
        phase == Phase.LEAKED ? build.flatMap(PluginView.Build::holder).orElse(null) : null,
        build.flatMap(PluginView.Build::trouble).orElse(null));
  }

  private Phase phase(VersionStatus entry, boolean serves, Optional<PluginView.Build> build) {
    if (build.isPresent()) {
      return Phase.valueOf(build.get().phase().name());
    }
    boolean here =
        serves && view.serving().filter(Stages.State.Ready.class::isInstance).isPresent();
    return here || (decision.serve().isPresent() && serves)
        ? Phase.VERIFIED
        : serves ? Phase.RESOLVED : atRest(entry.phase());
  }

  /** A build that isn't in memory was in another process, which took it along. */
  private static Phase atRest(Phase phase) {
    return switch (phase) {
      case RESOLVED, VERIFIED, RECLAIMED -> phase;
      case ACTIVE, DRAINING, UNLOADED, LEAKED -> Phase.VERIFIED;
    };
  }

  /** Of two builds of a version the first one is given to who asks for the version. */
  private int unitSets(VersionStatus entry, boolean serves, List<VersionStatus> all) {
    boolean first =
        all.stream()
            .filter(one -> one.version().equals(entry.version()))
            .findFirst()
            .filter(one -> one.digest().equals(entry.digest()))
            .isPresent();
    return (int)
        view.uses().stream()
            .filter(use -> use.engine().equals(entry.engine()))
            .filter(use ->
                use.follows()
                    ? DecideCanary.tries(view.plugin(), use) ? isTried(entry) : serves
                    : first && use.pluginVersion().equals(entry.version()))
            .count();
  }

  private boolean isTried(VersionStatus entry) {
    PluginPackageStatus.Rollout rollout = DecideRollback.rollout(view.plugin());
    return rollout != null && rollout.digest().equals(entry.digest());
  }

  private @Nullable Awaited awaited() {
    if (decision.awaited().isEmpty()) {
      return null;
    }
    String predicate = decision.awaited().get();
    Awaited before = last == null ? null : last.waitingFor();
    String since =
        before != null && before.predicate().equals(predicate)
            ? before.since()
            : Conditions.time(view.now());
    return new Awaited(predicate, since, decision.unblock().orElse(null));
  }

  private Wanted ready() {
    return new Wanted(READY, decision.ready(), decision.reason(), decision.message());
  }

  private Wanted serving(@Nullable String version, @Nullable String digest) {
    if (digest != null && view.serves(Wishes.bare(digest))) {
      return Wanted.is(SERVING, "Serving", "version %s serves".formatted(version));
    }
    Optional<String> builtIn =
        view.engines().values().stream()
            .filter(key -> key.id().equals(view.id()))
            .map(key -> key.version())
            .findFirst();
    if (builtIn.isPresent()) {
      return Wanted.is(
          SERVING,
          "BuiltIn",
          "version %s, which came with the runtime, serves".formatted(builtIn.get()));
    }
    return Wanted.not(
        SERVING,
        "NotServing",
        digest == null
            ? "no version of the plugin serves"
            : "version %s isn't here yet; databases go on as they are".formatted(version));
  }

  private Wanted healthy(@Nullable String version, @Nullable String digest) {
    Optional<Breaker.Trip> trip =
        digest == null ? Optional.empty() : view.trip(Wishes.bare(digest));
    return trip.map(failure ->
            Wanted.not(
                HEALTHY,
                "CallsFail",
                "version %s fails: %s".formatted(version, failure.sentence())))
        .orElseGet(() -> Wanted.is(HEALTHY, "CallsSucceed", "calls of the plugin succeed"));
  }

  /** What is worth an Event: refusals, and builds that came further. */
  static List<Note> notes(@Nullable PluginPackageStatus before, PluginPackageStatus after) {
    var notes = new ArrayList<Note>();
    Conditions.find(after.conditions(), READY)
        .filter(ready -> Conditions.FALSE.equals(ready.getStatus()))
        .filter(ready ->
            before == null
                || Conditions.find(before.conditions(), READY)
                    .filter(old -> old.getReason().equals(ready.getReason()))
                    .filter(old -> Conditions.FALSE.equals(old.getStatus()))
                    .isEmpty())
        .ifPresent(ready -> notes.add(new Note(true, ready.getReason(), ready.getMessage())));
    RolloutReport.note(before == null ? null : before.rollout(), after.rollout())
        .ifPresent(notes::add);
    for (VersionStatus entry : after.versions()) {
      Optional<Phase> old =
          before == null
              ? Optional.empty()
              : before.versions().stream()
                  .filter(one -> one.digest().equals(entry.digest()))
                  .map(VersionStatus::phase)
                  .findFirst();
      if (old.isEmpty() || !Objects.equals(old.get(), entry.phase())) {
        note(entry).ifPresent(notes::add);
      }
      misbehaving(entry, before).ifPresent(notes::add);
    }
    return notes;
  }

  private static Optional<Note> misbehaving(
      VersionStatus entry, @Nullable PluginPackageStatus before) {
    Optional<String> old =
        Optional.ofNullable(before).stream()
            .flatMap(status -> status.versions().stream())
            .filter(one -> one.digest().equals(entry.digest()))
            .flatMap(one -> Optional.ofNullable(one.trouble()).stream())
            .findFirst();
    return Optional.ofNullable(entry.trouble())
        .filter(trouble -> !old.equals(Optional.of(trouble)))
        .map(trouble ->
            new Note(true, "Misbehaves", "version %s: %s".formatted(entry.version(), trouble)));
  }

  private static Optional<Note> note(VersionStatus entry) {
    String build = "version %s (%s)".formatted(entry.version(), entry.digest());
    return switch (PluginPhase.valueOf(entry.phase().name())) {
      case RESOLVED, UNLOADED -> Optional.empty();
      case VERIFIED -> Optional.of(new Note(false, "Verified", build + " is here and in order"));
      case ACTIVE -> Optional.of(new Note(false, "Active", build + " takes calls"));
      case DRAINING -> Optional.of(new Note(false, "Draining", build + " takes no new call"));
      case RECLAIMED ->
          Optional.of(new Note(false, "Reclaimed", "nothing of " + build + " is left in memory"));
      case LEAKED ->
          Optional.of(
              new Note(
                  true,
                  "Leaked",
                  "unloaded %s is still in memory, held by %s"
                      .formatted(
                          build, entry.heldBy() == null ? "something unknown" : entry.heldBy())));
    };
  }
}
