package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.GrpcCallStatus.Phase;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.RestoreFromSpec;
import io.upm.runtime.api.Unit;
import io.upm.runtime.engine.Engine;
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
  static Optional<RestoreStep> decide(UnitView view, Engine engine) {
    if (AgentState.of(view) != AgentState.REPORTING) {
      return Optional.empty();
    }
    List<GrpcCall> calls = calls(view.unit(), view.children());
    RestoreFromSpec from = view.unit().getSpec().restoreFrom();
    return view.agent()
        .flatMap(AgentView::report)
        .flatMap(report ->
            switch (report.process()) {
              case AWAITING_RESTORE ->
                  Optional.ofNullable(from).map(wish -> fill(calls, view, wish, engine));
              case STARTING, RUNNING -> cancelLate(calls);
              case WAITING, INITIALIZING, STOPPING, STOPPED, CRASHED, BLOCKED -> Optional.empty();
            });
  }

  /** Whether the Backup that is named has to be looked at: what was begun goes on without it. */
  static boolean needsBackup(Unit unit, UnitView.Children children, Optional<AgentView> agent) {
    RestoreFromSpec from = unit.getSpec().restoreFrom();
    if (from == null || from.backup() == null) {
      return false;
    }
    return agent
            .flatMap(AgentView::report)
            .filter(report -> report.process() == AgentView.Process.AWAITING_RESTORE)
            .isPresent()
        && EngineContainer.of(unit)
            .map(container -> name(unit, children, from, container.type()))
            .filter(name -> named(calls(unit, children), name).isEmpty())
            .isPresent();
  }

  private static List<GrpcCall> calls(Unit unit, UnitView.Children children) {
    return children.restores().stream()
        .filter(call -> Owners.controls(unit, call))
        .filter(call -> call.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  private static RestoreStep fill(
      List<GrpcCall> calls, UnitView view, RestoreFromSpec from, Engine engine) {
    String type = engine.descriptor().engine();
    String name = name(view.unit(), view.children(), from, type);
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
    return named(calls, name)
        .<RestoreStep>map(call -> new RestoreStep.Await(Optional.of(awaited(call))))
        .orElseGet(() -> begin(view, from, engine, name));
  }

  private static RestoreStep begin(
      UnitView view, RestoreFromSpec from, Engine engine, String name) {
    Unit unit = view.unit();
    String target = unit.getMetadata().getName();
    return from.backup() == null
        ? make(unit, name, from.call(target, engine.descriptor().engine()))
        : switch (NamedBackup.judge(from, view.backup(), engine, target)) {
          case NamedBackup.Verdict.Known known -> make(unit, name, known.call());
          case NamedBackup.Verdict.Lacking lacking ->
              new RestoreStep.Lack(Optional.of(lacking.awaited()));
        };
  }

  private static Optional<GrpcCall> named(List<GrpcCall> calls, String name) {
    return calls.stream().filter(call -> call.getMetadata().getName().equals(name)).findFirst();
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

  /**
   * Another Unit of the same name, another volume or another wish never has the same. What a Backup
   * says has no part in it: whatever becomes of that one, no other call is made.
   */
  private static String name(
      Unit unit, UnitView.Children children, RestoreFromSpec from, String type) {
    List<String> volumes =
        children.claims().values().stream()
            .map(claim -> claim.getMetadata().getUid())
            .sorted()
            .toList();
    Object wish = from.backup() == null ? from.call("", type) : from;
    String hash =
        Canonical.hash(
                Map.of("unit", unit.getMetadata().getUid(), "volumes", volumes, "from", wish))
            .substring(0, DIGITS);
    return "%s-restore-%s".formatted(unit.getMetadata().getName(), hash);
  }

  private static RestoreStep make(Unit unit, String name, GrpcCallSpec spec) {
    var call = new GrpcCall();
    call.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(unit.getMetadata().getNamespace())
            .withLabels(Map.of(Names.LABEL_RESTORES, unit.getMetadata().getName()))
            .withOwnerReferences(Owners.controller(unit))
            .build());
    call.setSpec(spec);
    return new RestoreStep.Make(
        call, Optional.of(Awaited.of("GrpcCall %s to restore the data".formatted(name))));
  }
}
