package io.upm.runtime.cli;

import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.GrpcCallStatus.ProgressStatus;
import io.upm.runtime.cli.StatusView.CallRow;
import java.util.Comparator;
import java.util.List;

/** What is being done beside the units, or waits for its turn. Pure. */
final class CallRows {
  private CallRows() {}

  static List<CallRow> of(List<GrpcCall> calls) {
    return calls.stream()
        .filter(call -> call.getStatus() == null || !call.getStatus().ended())
        .sorted(
            Comparator.comparing((GrpcCall call) -> call.getMetadata().getCreationTimestamp())
                .thenComparing(call -> call.getMetadata().getName()))
        .map(CallRows::row)
        .toList();
  }

  private static CallRow row(GrpcCall call) {
    GrpcCallSpec spec = call.getSpec();
    GrpcCallStatus status = call.getStatus();
    ProgressStatus progress = status == null ? null : status.progress();
    return new CallRow(
        call.getMetadata().getName(),
        spec.targetUnit(),
        spec.action(),
        status != null && status.phase() == GrpcCallStatus.Phase.RUNNING,
        progress == null ? null : progress.percent(),
        progress == null ? null : progress.secondsLeft(),
        status == null ? "" : Fields.text(status.message()));
  }
}
