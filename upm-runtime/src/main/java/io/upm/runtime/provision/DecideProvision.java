package io.upm.runtime.provision;

import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.ProvisionStatus;
import io.upm.runtime.api.ProvisionStatus.AppliedStatus;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.kube.SecretKeys;
import io.upm.runtime.provision.ProvisionDecision.Hold;
import io.upm.runtime.provision.ProvisionDecision.Known;
import io.upm.runtime.provision.ProvisionDecision.Lacking;
import io.upm.runtime.provision.ProvisionDecision.Step;
import io.upm.spi.Problem;
import io.upm.spi.action.ProvisionDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Decides about a declared database or user. Pure. The rules:
 *
 * <ol>
 *   <li>What is declared is compared with what was given last, by hash: nothing is made while both
 *       are the same and the same unit takes the writes.
 *   <li>A call is noted in the status before it is made, and until it is known what became of it:
 *       it may have come through, so going back to what was given last is work.
 *   <li>One call gives it to the engine. The call's name comes from what it is for, so it may be
 *       made as often as the runtime does not know whether it was; and its action looks before it
 *       changes something, so it may also be done twice.
 *   <li>After another unit took over, it is looked at there once: what had not reached that one is
 *       given to it.
 *   <li>A former password is taken for a while beside the present one, and then no longer.
 *   <li>Only what was given is dropped, and only when that is wanted; nothing waits for an engine
 *       that is gone.
 * </ol>
 */
final class DecideProvision {
  static final String APPLIED = "Applied";
  static final String APPLYING = "Applying";
  static final String FAILED = "Failed";
  static final String INVALID = "Invalid";
  static final String WAITING = "Waiting";
  static final String DROPPING = "Dropping";

  /** Units tell of themselves to others; a look now and then is enough here. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  /** Between two looks at a Secret, which is nobody's event. */
  static final Duration LOOK = SecretKeys.LONG.plusSeconds(1);

  /** After a failure that may pass, and did not in all attempts of the call. */
  static final Duration AGAIN = Duration.ofMinutes(5);

  /** After a refusal, which somebody may have done something about. */
  static final Duration REFUSED_AGAIN = Duration.ofHours(1);

  /** How long clients have to learn a changed password. */
  static final Duration OVERLAP = Duration.ofMinutes(15);

  private final ProvisionView view;
  private final Declared declared;
  private final Known known;

  private DecideProvision(ProvisionView view) {
    this.view = view;
    this.declared = view.declared();
    this.known =
        new Known(
            view.applied(),
            Optional.ofNullable(view.status())
                .map(ProvisionStatus::formerPasswordUntil)
                .map(Instant::parse),
            Optional.ofNullable(view.status()).map(ProvisionStatus::call));
  }

  static ProvisionDecision decide(ProvisionView view) {
    var decide = new DecideProvision(view);
    return view.declared().leaving() ? decide.leave() : decide.keep().holding(decide.hold());
  }

  /** Calls that a newer one takes the place of, and those whose end is noted. */
  static List<GrpcCall> over(ProvisionView view, ProvisionDecision decision) {
    boolean noted = decision.ready() && view.status() != null && view.status().call() == null;
    if (decision.order().isEmpty() && !noted) {
      return List.of();
    }
    Optional<String> present = decision.order().map(ProvisionOrder::name);
    return view.calls().stream()
        .filter(call -> Owners.controls(view.declared().object(), call))
        .filter(call -> !present.equals(Optional.of(call.getMetadata().getName())))
        .toList();
  }

  /** Before anything is made that would have to be dropped, and only as long as it would. */
  private Hold hold() {
    if (declared.spec().dropped() == declared.held()) {
      return Hold.AS_IT_IS;
    }
    return declared.held() ? Hold.REMOVE : Hold.ADD;
  }

  private ProvisionDecision keep() {
    if (!view.problems().isEmpty()) {
      return not(
              INVALID,
              view.problems().stream().map(Problem::sentence).collect(Collectors.joining("; ")))
          .again(LOOK);
    }
    if (declared.password().isPresent() && view.secretVersion().isEmpty()) {
      return waits(noPassword());
    }
    String hash = ProvisionOrder.hash(declared, view.secretVersion().orElse(""));
    Optional<AppliedStatus> same = known.applied().filter(one -> one.hash().equals(hash));
    Optional<String> unit = view.writer().unit();
    boolean doubtful = known.begun().filter(one -> !ProvisionOrder.settles(one)).isPresent();
    if (same.isPresent()
        && !doubtful
        && unit.filter(now -> !now.equals(same.get().unit())).isEmpty()) {
      return settled(same.get());
    }
    Optional<Lacking> lacking = lacking();
    if (lacking.isPresent()) {
      return waits(lacking.get());
    }
    ProvisionOrder order = ProvisionOrder.apply(view, hash, unit.orElseThrow());
    return view.call(order.name())
        .map(call -> follow(order, call, same))
        .orElseGet(() -> make(order, underWay("is given to " + order.unit(), same)));
  }

  /** Once it is noted, whatever crashes then. */
  private ProvisionDecision make(ProvisionOrder order, ProvisionDecision said) {
    boolean noted = known.begun().equals(Optional.of(order.name()));
    return said.by(noted ? Step.MAKE : Step.NONE, order).again(PAUSE);
  }

  private ProvisionDecision follow(
      ProvisionOrder order, GrpcCall call, Optional<AppliedStatus> same) {
    GrpcCallStatus status = call.getStatus();
    if (status == null || !status.ended()) {
      String message = status == null ? "" : Objects.requireNonNullElse(status.message(), "");
      return underWay(message.isEmpty() ? "is given to " + order.unit() : message, same)
          .by(Step.NONE, order);
    }
    if (status.phase() != GrpcCallStatus.Phase.SUCCEEDED) {
      return failed(FAILED, order, status);
    }
    var values = new TreeMap<>(status.values());
    boolean kept = values.remove(ProvisionDescriptor.FORMER_KEPT) != null;
    String message = Objects.requireNonNullElse(status.message(), "");
    var applied =
        new AppliedStatus(
            order.hash(),
            order.unit(),
            Conditions.time(ended(status)),
            status.plugin(),
            view.secretVersion().orElse(null),
            message,
            values);
    Optional<Instant> until = kept ? Optional.of(ended(status).plus(OVERLAP)) : known.formerUntil();
    return ProvisionDecision.is(
            true, APPLIED, message, new Known(Optional.of(applied), until, Optional.empty()))
        .again(PAUSE);
  }

  /** The engine has it: what is left is to end the time of a former password, and to look on. */
  private ProvisionDecision settled(AppliedStatus applied) {
    ProvisionDecision ready = ProvisionDecision.is(true, APPLIED, applied.message(), known);
    ProvisionDecision looking = declared.password().isPresent() ? ready.again(LOOK) : ready;
    if (known.formerUntil().isEmpty()) {
      return looking;
    }
    Duration left = Duration.between(view.now(), known.formerUntil().get());
    if (left.isPositive()) {
      return looking.again(left);
    }
    Optional<String> unit = view.writer().unit();
    if (unit.isEmpty() || view.provision().isEmpty()) {
      return looking.again(PAUSE);
    }
    ProvisionOrder order = ProvisionOrder.settle(view, applied.hash(), unit.get());
    return view.call(order.name())
        .map(call -> settling(order, call, looking))
        .orElseGet(() -> make(order, looking));
  }

  private ProvisionDecision settling(
      ProvisionOrder order, GrpcCall call, ProvisionDecision looking) {
    GrpcCallStatus status = call.getStatus();
    if (status == null || !status.ended()) {
      return looking.by(Step.NONE, order);
    }
    if (status.phase() == GrpcCallStatus.Phase.SUCCEEDED) {
      Optional<Instant> until =
          status.values().containsKey(ProvisionDescriptor.FORMER_KEPT)
              ? Optional.of(ended(status).plus(OVERLAP))
              : Optional.empty();
      return ProvisionDecision.is(
              true, APPLIED, looking.message(), new Known(known.applied(), until, Optional.empty()))
          .again(PAUSE);
    }
    Duration left = untilAgain(order, status);
    return left.isPositive()
        ? looking.by(Step.NONE, order).again(left)
        : looking.by(Step.MAKE_AGAIN, order).again(PAUSE);
  }

  private ProvisionDecision leave() {
    if (!declared.held()) {
      return not(DROPPING, "it goes");
    }
    boolean nothingGiven = known.applied().isEmpty() && known.begun().isEmpty();
    if (!declared.spec().dropped() || nothingGiven || !view.setThere()) {
      return not(DROPPING, "nothing is to be dropped").holding(Hold.REMOVE);
    }
    Optional<Lacking> lacking = lacking();
    if (lacking.isPresent()) {
      return waits(
          new Lacking(
              lacking.get().predicate(),
              lacking.get().unblock() + "; or set spec.deletionPolicy to Retain"));
    }
    ProvisionOrder order = ProvisionOrder.drop(view, view.writer().unit().orElseThrow());
    return view.call(order.name())
        .map(call -> dropping(order, call))
        .orElseGet(() -> make(order, not(DROPPING, "is dropped by " + order.unit())));
  }

  private ProvisionDecision dropping(ProvisionOrder order, GrpcCall call) {
    GrpcCallStatus status = call.getStatus();
    if (status == null || !status.ended()) {
      return not(DROPPING, "is dropped by " + order.unit()).by(Step.NONE, order);
    }
    return status.phase() == GrpcCallStatus.Phase.SUCCEEDED
        ? not(DROPPING, "it is dropped").holding(Hold.REMOVE)
        : failed(DROPPING, order, status);
  }

  private ProvisionDecision failed(String reason, ProvisionOrder order, GrpcCallStatus status) {
    ProvisionDecision said = not(reason, Objects.requireNonNullElse(status.message(), ""));
    Duration left = untilAgain(order, status);
    if (!left.isPositive()) {
      return said.by(Step.MAKE_AGAIN, order).again(PAUSE);
    }
    ProvisionDecision later = said.by(Step.NONE, order).again(left);
    return declared.password().isPresent() ? later.again(LOOK) : later;
  }

  /** A call that was not tried as often as it may be was refused. */
  private Duration untilAgain(ProvisionOrder order, GrpcCallStatus status) {
    int attempt = status.attempt() == null ? 1 : status.attempt();
    boolean refused = !order.drops() && attempt <= ProvisionOrder.RETRIES;
    return Duration.between(view.now(), ended(status).plus(refused ? REFUSED_AGAIN : AGAIN));
  }

  private Instant ended(GrpcCallStatus status) {
    return status.completionTime() == null ? view.now() : Instant.parse(status.completionTime());
  }

  /** What the engine has already is only looked at; and a failure stays said until it is over. */
  private ProvisionDecision underWay(String message, Optional<AppliedStatus> same) {
    Optional<Condition> last =
        Optional.ofNullable(view.status())
            .flatMap(one -> Conditions.find(one.conditions(), ProvisionReport.READY));
    Optional<Condition> failure =
        last.filter(one -> FAILED.equals(one.getReason()))
            .filter(one ->
                Objects.equals(one.getObservedGeneration(), declared.meta().getGeneration()));
    if (failure.isPresent()) {
      return not(FAILED, failure.get().getMessage());
    }
    boolean ready = last.filter(one -> Conditions.TRUE.equals(one.getStatus())).isPresent();
    return same.filter(one -> ready)
        .map(one -> ProvisionDecision.is(true, APPLIED, one.message(), known))
        .orElseGet(() -> not(APPLYING, message));
  }

  private Optional<Lacking> lacking() {
    if (view.type().isPresent() && view.provision().isEmpty()) {
      return Optional.of(
          new Lacking(
              "there is a plugin for \"%s\"".formatted(view.type().get()), "upm plugin list"));
    }
    return view.writer().unit().isPresent()
        ? Optional.empty()
        : Optional.of(
            new Lacking(view.writer().awaited(), "upm status " + declared.spec().unitSet()));
  }

  private Lacking noPassword() {
    var where = declared.password().orElseThrow();
    return new Lacking(
        "there is a Secret %s with a value for the key %s".formatted(where.name(), where.key()),
        "make it");
  }

  private ProvisionDecision waits(Lacking what) {
    return not(WAITING, "waits that " + what.predicate()).waiting(what).again(PAUSE);
  }

  private ProvisionDecision not(String reason, String message) {
    return ProvisionDecision.is(false, reason, message, known);
  }
}
