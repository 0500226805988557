package io.upm.runtime.provision;

import io.upm.runtime.api.ProvisionStatus;
import io.upm.runtime.api.UnitStatus.WaitingFor;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Conditions.Wanted;
import io.upm.runtime.provision.ProvisionDecision.Lacking;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The status of a declared database or user. Pure. */
final class ProvisionReport {
  static final String READY = "Ready";

  private ProvisionReport() {}

  /** Conditions whose changes are worth an Event. */
  static Set<String> told() {
    return Set.of(READY);
  }

  static ProvisionStatus status(ProvisionView view, ProvisionDecision decision) {
    ProvisionStatus last = view.status();
    Long generation = view.declared().meta().getGeneration();
    return new ProvisionStatus(
        generation,
        view.declared().name(),
        decision.order().map(ProvisionOrder::name).or(() -> decision.known().begun()).orElse(null),
        decision.known().applied().orElse(null),
        decision.known().formerUntil().map(Conditions::time).orElse(null),
        decision.lacking().map(lacking -> waiting(lacking, last, view)).orElse(null),
        Conditions.merge(
            last == null ? null : last.conditions(),
            List.of(Wanted.when(decision.ready(), READY, decision.reason(), decision.message())),
            generation,
            view.now()));
  }

  private static WaitingFor waiting(
      Lacking lacking, @Nullable ProvisionStatus last, ProvisionView view) {
    WaitingFor before = last == null ? null : last.waitingFor();
    return new WaitingFor(
        lacking.predicate(),
        before != null && before.predicate().equals(lacking.predicate())
            ? before.since()
            : Conditions.time(view.now()),
        lacking.unblock());
  }
}
