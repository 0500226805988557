package io.upm.runtime.backup;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSpec;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.backup.BackupView.Candidate;
import io.upm.runtime.engine.BackupRemoval;
import io.upm.runtime.testing.Manifests;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Backups for tests. */
final class Backups {
  static final Instant NOW = Instant.parse("2026-11-22T02:00:00Z");
  static final BackupRemoval REMOVAL = new BackupRemoval("shred", Set.of("source", "shelf"));
  static final Candidate SOURCE = new Candidate("orders-0", "orders", 0, true, true, "1.2.3");
  static final Candidate REPLICA = new Candidate("orders-1", "orders", 1, true, false, "1.2.3");

  private Backups() {}

  /** One of UnitSet orders; more of its spec as within the braces of YAML. */
  static Backup backup(String more) {
    var backup = new Backup();
    backup.setMetadata(
        new ObjectMetaBuilder()
            .withName("nightly")
            .withNamespace("shop")
            .withUid("0123456789abcdef")
            .withGeneration(1L)
            .withCreationTimestamp(NOW.toString())
            .build());
    backup.setSpec(
        Manifests.SERIALIZATION.convertValue(
            Manifests.tree(
                "{type: acme, action: copy, secretRef: {name: keys}, parameters: {shelf: top, how: slow}%s}"
                    .formatted(
                        (more.contains("unit:") ? "" : ", unitSet: orders")
                            + (more.isEmpty() ? "" : ", " + more))),
            BackupSpec.class));
    return backup;
  }

  static Backup with(Backup backup, @Nullable BackupStatus status) {
    backup.setStatus(status);
    return backup;
  }

  static BackupView view(Backup backup, Optional<GrpcCall> call, Candidate... units) {
    return view(backup, call, NOW, units);
  }

  static BackupView view(Backup backup, Optional<GrpcCall> call, Instant now, Candidate... units) {
    boolean over = backup.getStatus() != null && backup.getStatus().over();
    return new BackupView(
        backup,
        List.of(),
        true,
        Optional.of(REMOVAL),
        List.of(units),
        over ? Optional.empty() : call,
        over ? call : Optional.empty(),
        now);
  }

  /** The call of a backup, as its status says it is. */
  static GrpcCall call(Backup backup, GrpcCallStatus.Phase phase, Map<String, String> values) {
    GrpcCall call = BackupCalls.maker(backup, "orders-1", NOW);
    call.setStatus(
        new GrpcCallStatus(
            1L,
            phase,
            null,
            "it is said",
            NOW.toString(),
            phase.isLast() ? NOW.plusSeconds(60).toString() : null,
            1,
            "operation",
            "1.0.0",
            null,
            values,
            List.of(),
            null,
            List.of()));
    return call;
  }
}
