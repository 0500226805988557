package io.upm.runtime.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupSpec;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.api.Names;
import io.upm.runtime.engine.BackupRemoval;
import io.upm.runtime.kube.Owners;
import io.upm.spi.action.BackupDescriptor;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The calls of a backup. Pure. */
final class BackupCalls {
  private static final int UID_DIGITS = 8;
  private static final int TRIES = 3;

  private BackupCalls() {}

  /** Another one of the same name never has the same. */
  static String makerName(Backup backup) {
    return backup.getMetadata().getName()
        + "-"
        + backup.getMetadata().getUid().substring(0, UID_DIGITS);
  }

  static String removerName(Backup backup) {
    return makerName(backup) + "-discard";
  }

  static GrpcCall maker(Backup backup, String unit, Instant now) {
    BackupSpec spec = backup.getSpec();
    Optional<Integer> left =
        DecideBackup.left(spec, Instant.parse(backup.getMetadata().getCreationTimestamp()), now)
            .map(seconds -> Math.toIntExact(Math.max(1, seconds)));
    return call(backup, makerName(backup), spec.call(unit, left.orElse(null)));
  }

  static GrpcCall remover(Backup backup, String unit, String location, BackupRemoval removal) {
    BackupSpec spec = backup.getSpec();
    return call(
        backup,
        removerName(backup),
        new GrpcCallSpec(
            unit,
            spec.type(),
            removal.action(),
            parameters(spec, location, removal),
            spec.secretRef(),
            null,
            null,
            TRIES,
            null));
  }

  /** Where it is, and what the action takes of what the backup was made with. */
  private static JsonNode parameters(BackupSpec spec, String location, BackupRemoval removal) {
    ObjectNode taken = JsonNodeFactory.instance.objectNode();
    JsonNode given = spec.parameters();
    if (given != null && given.isObject()) {
      given.properties().stream()
          .filter(one -> removal.parameters().contains(one.getKey()))
          .forEach(one -> taken.set(one.getKey(), one.getValue()));
    }
    return taken.put(BackupDescriptor.SOURCE, location);
  }

  private static GrpcCall call(Backup backup, String name, GrpcCallSpec spec) {
    var call = new GrpcCall();
    call.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(backup.getMetadata().getNamespace())
            .withLabels(Map.of(Names.LABEL_BACKUP, backup.getMetadata().getName()))
            .withOwnerReferences(Owners.controller(backup))
            .build());
    call.setSpec(spec);
    return call;
  }
}
