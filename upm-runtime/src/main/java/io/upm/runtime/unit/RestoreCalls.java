package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.GrpcCallStatus.Phase;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.RestoreFromSpec;
import io.upm.runtime.api.Unit;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.unit.UnitDecision.Awaited;
import io.upm.runtime.unit.UnitDecision.RestoreStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides about the calls that fill a Unit's empty data volume. Pure. There is one only when the
 * agent says that it has found nothing there, so what holds data is never restored to.
 */
final class RestoreCalls {
  private static final int DIGITS = 8;

  private RestoreCalls() {}

  /** What is to be done; empty for nothing. */
  static Optional<RestoreStep> decide(UnitView view, String type) {
    if (AgentState.of(view) != AgentState.REPORTING) {
      return Optional.empty();
    }
    List<GrpcCall> calls =
        view.children().restores().stream()
            .filter(call -> Owners.controls(view.unit(), call))
            .filter(call -> call.getMetadata().getDeletionTimestamp() == null)
            .toList();
    RestoreFromSpec from = view.unit().getSpec().restoreFrom();
    return view.agent()
        .flatMap(AgentView::report)
        .flatMap(report ->
            switch (report.process()) {
              case AWAITING_RESTORE ->
                  Optional.ofNullable(from).map(wish -> fill(calls, call(view, wish, type)));
              case STARTING, RUNNING -> cancelLate(calls);
              case WAITING, INITIALIZING, STOPPING, STOPPED, CRASHED, BLOCKED -> Optional.empty();
            });
  }

  private static RestoreStep fill(List<GrpcCall> calls, GrpcCall wanted) {
    String name = wanted.getMetadata().getName();
    Optional<GrpcCall> other =
        calls.stream()
            .filter(call -> !call.getMetadata().getName().equals(name))
            .filter(call -> call.getStatus() == null || !call.getStatus().ended())
            .findFirst();
    if (other.isPresent()) {
      return new RestoreStep.Cancel(
          other.get(),
          Optional.of(
              Awaited.of(
                  "the end of GrpcCall %s, which restores by what spec.restoreFrom was"
                      .formatted(other.get().getMetadata().getName()))));
    }
    return calls.stream()
        .filter(call -> call.getMetadata().getName().equals(name))
        .findFirst()
        .<RestoreStep>map(call -> new RestoreStep.Await(Optional.of(awaited(call))))
        .orElseGet(() ->
            new RestoreStep.Make(
                wanted,
                Optional.of(Awaited.of("GrpcCall %s to restore the data".formatted(name)))));
  }

  /** One that has not begun when there are data must not begin the next time they rest. */
  private static Optional<RestoreStep> cancelLate(List<GrpcCall> calls) {
    return calls.stream()
        .filter(call -> call.getStatus() == null || call.getStatus().phase() == Phase.PENDING)
        .findFirst()
        .map(call -> new RestoreStep.Cancel(call, Optional.empty()));
  }

  private static Awaited awaited(GrpcCall call) {
    String name = call.getMetadata().getName();
    GrpcCallStatus status = call.getStatus();
    if (status == null || !status.ended()) {
      String message = status == null || status.message() == null ? "" : status.message();
      return Awaited.of(
          "GrpcCall %s to restore the data%s"
              .formatted(name, message.isEmpty() ? "" : ": " + message));
    }
    return status.phase() == Phase.SUCCEEDED
        ? new Awaited(
            "the engine to start with the restored data",
            "if the volume was emptied since, delete GrpcCall %s to have it restored to again"
                .formatted(name))
        : new Awaited(
            "data: GrpcCall %s could not restore them: %s".formatted(name, status.message()),
            "mend spec.restoreFrom of the UnitSet, or delete that GrpcCall to have it tried again");
  }

  /** Another Unit of the same name, another volume or another wish never has the same. */
  private static GrpcCall call(UnitView view, RestoreFromSpec from, String type) {
    Unit unit = view.unit();
    List<String> volumes =
        view.children().claims().values().stream()
            .map(claim -> claim.getMetadata().getUid())
            .sorted()
            .toList();
    String hash =
        Canonical.hash(
                Map.of(
                    "unit",
                    unit.getMetadata().getUid(),
                    "volumes",
                    volumes,
                    "from",
                    from.call("", type)))
            .substring(0, DIGITS);
    var call = new GrpcCall();
    call.setMetadata(
        new ObjectMetaBuilder()
            .withName("%s-restore-%s".formatted(unit.getMetadata().getName(), hash))
            .withNamespace(unit.getMetadata().getNamespace())
            .withLabels(Map.of(Names.LABEL_RESTORES, unit.getMetadata().getName()))
            .withOwnerReferences(Owners.controller(unit))
            .build());
    call.setSpec(from.call(unit.getMetadata().getName(), type));
    return call;
  }
}
