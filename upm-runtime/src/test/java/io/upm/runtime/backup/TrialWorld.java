package io.upm.runtime.backup;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.TrialStatus;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.engine.DataCheck;
import io.upm.runtime.testing.Manifests;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A backup that is tried, and what there is around it, a step at a time. */
final class TrialWorld {
  static final String SET = "trial-nightly-01234567";
  private static final DataCheck CHECK = new DataCheck("inspect", Set.of("page"));

  final Backup backup;
  Instant now = Backups.NOW;
  boolean plugin = true;
  Optional<DataCheck> check = Optional.of(CHECK);
  Optional<UnitSet> original =
      Optional.of(
          Manifests.SERIALIZATION.unmarshal(
              """
              apiVersion: upm.syntropycloud.io/v1alpha2
              kind: UnitSet
              metadata: {name: orders, namespace: shop, uid: orders-uid}
              spec:
                type: acme
                version: "2.0.0"
                units: 3
                topology: {mode: pair}
                externalService: {type: NodePort}
                secret: {name: orders-secret, mountPath: /SECRET_MOUNT}
                plugin: {version: "1.0.0"}
                parameters: {max_links: 7}
                extraVolume:
                  - {volume: {name: a, configMap: {name: a}}, volumeMountPath: /a}
                  - {volume: {name: b, persistentVolumeClaim: {claimName: b}}, volumeMountPath: /b}
                storages:
                  - {name: data, mountPath: /DATA_MOUNT, size: 10Gi, storageClassName: fast}
                  - {name: log, mountPath: /LOG_MOUNT, size: 5Gi}
              """,
              UnitSet.class));
  Optional<String> before = Optional.empty();
  Optional<UnitSet> set = Optional.empty();
  Optional<UnitStatus.Phase> unit = Optional.empty();
  Optional<GrpcCallStatus> restored = Optional.empty();
  Optional<GrpcCall> checker = Optional.empty();
  List<String> claims = List.of();
  final List<String> made = new ArrayList<>();

  TrialWorld(String verify) {
    backup = Backups.backup(verify);
    GrpcCall call =
        Backups.call(
            backup,
            GrpcCallStatus.Phase.SUCCEEDED,
            Map.of("backup", "s3://b/x/", "page", "9", "file", "f"));
    BackupView view = Backups.view(backup, Optional.of(call), Backups.REPLICA);
    backup.setStatus(BackupReport.status(view, DecideBackup.decide(view)));
  }

  TrialView view() {
    return new TrialView(
        backup,
        plugin,
        check,
        original,
        before,
        new TrialView.Made(
            set,
            unit.map(TrialWorld::unit),
            restored.map(this::restore).stream().toList(),
            checker,
            claims),
        now);
  }

  TrialDecision decide() {
    return DecideTrial.decide(view());
  }

  /** Decides, acts and tells. */
  TrialDecision look() {
    TrialDecision decision = decide();
    act(decision);
    tell(decision);
    return decision;
  }

  void act(TrialDecision decision) {
    switch (decision.step()) {
      case MAKE_SET -> {
        set = Optional.of(TrialObjects.set(backup, original.orElseThrow().getSpec()));
        claims = List.of(SET + "-0-data");
        unit = Optional.of(UnitStatus.Phase.PENDING);
        made.add("set");
      }
      case MAKE_CHECK -> {
        checker = Optional.of(TrialObjects.checker(backup, decision.status(), CHECK, now));
        made.add("check");
      }
      case REMOVE_SET -> {
        set = Optional.empty();
        made.add("removal");
      }
      case NONE -> {
        // It waits.
      }
    }
  }

  void tell(TrialDecision decision) {
    backup.setStatus(TrialReport.status(backup, decision.status(), now));
  }

  /** What becomes of a UnitSet's units and claims when it is gone. */
  void collect() {
    if (set.isEmpty()) {
      unit = Optional.empty();
      claims = List.of();
    }
  }

  void restore(GrpcCallStatus.Phase phase) {
    restored = Optional.of(status(phase, Map.of()));
    if (phase == GrpcCallStatus.Phase.SUCCEEDED) {
      unit = Optional.of(UnitStatus.Phase.READY);
    }
  }

  void check(GrpcCallStatus.Phase phase) {
    checker.ifPresent(call -> call.setStatus(status(phase, Map.of("tables", "3"))));
  }

  @Nullable TrialStatus trial() {
    return status().trial();
  }

  BackupStatus status() {
    return java.util.Objects.requireNonNull(backup.getStatus());
  }

  private static GrpcCallStatus status(GrpcCallStatus.Phase phase, Map<String, String> values) {
    return new GrpcCallStatus(
        1L,
        phase,
        null,
        "it is said",
        Backups.NOW.toString(),
        Backups.NOW.plusSeconds(42).toString(),
        1,
        "operation",
        "1.0.0",
        null,
        values,
        List.of(),
        null,
        List.of());
  }

  private GrpcCall restore(GrpcCallStatus status) {
    var call = new GrpcCall();
    call.setMetadata(new ObjectMetaBuilder().withName("restore").build());
    call.setStatus(status);
    return call;
  }

  private static Unit unit(UnitStatus.Phase phase) {
    return Manifests.SERIALIZATION.unmarshal(
        """
        apiVersion: upm.syntropycloud.io/v1alpha2
        kind: Unit
        metadata: {name: %s-0, namespace: shop}
        status: {phase: %s}
        """
            .formatted(SET, phase == UnitStatus.Phase.READY ? "Ready" : "Pending"),
        Unit.class);
  }
}
