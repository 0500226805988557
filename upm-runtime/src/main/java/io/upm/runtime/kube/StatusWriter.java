package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Writes a status when it changed, and tells the transitions in it. Becoming and ceasing to be
 * Ready is written at once; the many small steps on the way there are not each worth a write.
 */
public final class StatusWriter<S, R extends CustomResource<?, S>> {
  private static final String READY = "Ready";

  /** Shortest time between two writes about an object that isn't Ready. */
  private static final Duration ON_THE_WAY = Duration.ofSeconds(3);

  /** And so much longer for each other one that isn't either: a fleet is told of less often. */
  private static final Duration EACH_OTHER = Duration.ofMillis(200);

  private static final Duration AT_MOST = Duration.ofSeconds(30);

  /** What was written longer ago is seen by everybody, and counts no more among the others. */
  private static final Duration RECENT = Duration.ofMinutes(1);

  private final Events events;
  private final InstantSource clock;
  private final Supplier<R> maker;
  private final Function<S, List<Condition>> conditions;
  private final Set<String> told;
  private final Predicate<S> settled;
  private final boolean exact;
  private final Map<String, Written> written = new ConcurrentHashMap<>();

  /** The last write of an object's status: when, a hash of what, and whether that was Ready. */
  private record Written(Instant at, int hash, boolean ready) {}

  /**
   * A writer for one kind.
   *
   * @param maker makes an empty resource
   * @param conditions finds the conditions in a status
   * @param told condition types whose transitions are Events
   */
  public StatusWriter(
      Events events,
      InstantSource clock,
      Supplier<R> maker,
      Function<S, List<Condition>> conditions,
      Set<String> told) {
    this(
        events,
        clock,
        maker,
        conditions,
        told,
        status -> Conditions.isTrue(conditions.apply(status), READY));
  }

  /**
   * A writer for a kind whose objects are at their end in another way than by being Ready.
   *
   * @param settled whether a status is one that is written at once
   */
  public StatusWriter(
      Events events,
      InstantSource clock,
      Supplier<R> maker,
      Function<S, List<Condition>> conditions,
      Set<String> told,
      Predicate<S> settled) {
    this(events, clock, maker, conditions, told, settled, false);
  }

  private StatusWriter(
      Events events,
      InstantSource clock,
      Supplier<R> maker,
      Function<S, List<Condition>> conditions,
      Set<String> told,
      Predicate<S> settled,
      boolean exact) {
    this.events = events;
    this.clock = clock;
    this.maker = maker;
    this.conditions = conditions;
    this.told = told;
    this.settled = settled;
    this.exact = exact;
  }

  /**
   * As this, for a status that its controller goes by: it is written only to the object that was
   * looked at, as it was then. Otherwise what became of one that is deleted meanwhile would be said
   * of the next of its name, as a status has no uid that the API server would compare.
   */
  public StatusWriter<S, R> exact() {
    return new StatusWriter<>(events, clock, maker, conditions, told, settled, true);
  }

  /**
   * What JOSDK is to do about the status of a resource.
   *
   * @param recheck when the resource is to be looked at again, whatever happens
   */
  public UpdateControl<R> write(R live, S status, Optional<Duration> recheck) {
    return write(live, status, recheck, true);
  }

  /** As {@link #write}, of what somebody waits for: steps on the way are written, too. */
  public UpdateControl<R> writeAtOnce(R live, S status, Optional<Duration> recheck) {
    return write(live, status, recheck, false);
  }

  private UpdateControl<R> write(R live, S status, Optional<Duration> recheck, boolean mayWait) {
    S last = live.getStatus();
    if (status.equals(last) && !isBehind(live, status)) {
      return again(UpdateControl.noUpdate(), recheck);
    }
    Instant now = clock.instant();
    Optional<Duration> pause =
        last == null || !mayWait ? Optional.empty() : pause(live, last, status, now);
    if (pause.isPresent()) {
      Duration sooner = recheck.filter(one -> one.compareTo(pause.get()) < 0).orElseGet(pause::get);
      return again(UpdateControl.noUpdate(), Optional.of(sooner));
    }
    written.values().removeIf(one -> one.at().plus(RECENT).isBefore(now));
    written.put(live.getMetadata().getUid(), new Written(now, status.hashCode(), isReady(status)));
    events.publish(
        live,
        Events.transitions(
            last == null ? null : conditions.apply(last), conditions.apply(status), told),
        now);
    return again(UpdateControl.patchStatus(fresh(live, status)), recheck);
  }

  /** As {@link #write}, about a look that failed and is repeated. */
  public ErrorStatusUpdateControl<R> writeFailure(R live, S status) {
    return write(live, status, Optional.empty())
        .getResource()
        .map(ErrorStatusUpdateControl::patchStatus)
        .orElseGet(ErrorStatusUpdateControl::defaultErrorProcessing);
  }

  /**
   * Whether something else than this was written last. JOSDK doesn't keep what it has written, so
   * an object may be seen as it was before: what then seems to be there already would stay unsaid.
   */
  private boolean isBehind(R live, S status) {
    Written last = written.get(live.getMetadata().getUid());
    return last != null && last.hash() != status.hashCode();
  }

  /** How long to wait with a write that tells but of a step on the way. */
  private Optional<Duration> pause(R live, S last, S next, Instant now) {
    if (isReady(last) || isReady(next)) {
      return Optional.empty();
    }
    long onTheWay = written.values().stream().filter(one -> !one.ready()).count();
    Duration wanted = ON_THE_WAY.plus(EACH_OTHER.multipliedBy(Math.max(0, onTheWay - 1)));
    Duration pause = wanted.compareTo(AT_MOST) < 0 ? wanted : AT_MOST;
    return Optional.ofNullable(written.get(live.getMetadata().getUid()))
        .map(one -> Duration.between(now, one.at().plus(pause)))
        .filter(Duration::isPositive);
  }

  private boolean isReady(S status) {
    return settled.test(status);
  }

  private UpdateControl<R> again(UpdateControl<R> control, Optional<Duration> recheck) {
    recheck.ifPresent(control::rescheduleAfter);
    return control;
  }

  private R fresh(R live, S status) {
    // A fresh object: what is patched must hold nothing but what this controller owns.
    R fresh = maker.get();
    fresh.getMetadata().setName(live.getMetadata().getName());
    fresh.getMetadata().setNamespace(live.getMetadata().getNamespace());
    if (exact) {
      fresh.getMetadata().setResourceVersion(live.getMetadata().getResourceVersion());
    }
    fresh.setStatus(status);
    return fresh;
  }
}
