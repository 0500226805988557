package io.upm.runtime.backup;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.BackupStatus;
import io.upm.runtime.api.ClaimRetentionSpec;
import io.upm.runtime.api.ExtraVolumeSpec;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.RestoreFromSpec;
import io.upm.runtime.api.StorageSpec;
import io.upm.runtime.api.TrialStatus;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.api.UnitSetSpec;
import io.upm.runtime.api.VerifySpec;
import io.upm.runtime.engine.DataCheck;
import io.upm.runtime.kube.Owners;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What is made for the trial of a backup. Pure. */
final class TrialObjects {
  private static final int UID_DIGITS = 8;
  private static final int KEPT = 34;
  private static final int TRIES = 2;

  private TrialObjects() {}

  /** Another Backup of the same name never has the same; Services can be named after it. */
  static String setName(Backup backup) {
    String name = backup.getMetadata().getName().replace('.', '-');
    String kept = name.substring(0, Math.min(name.length(), KEPT));
    return "trial-%s-%s".formatted(kept, backup.getMetadata().getUid().substring(0, UID_DIGITS));
  }

  static String unitName(Backup backup) {
    return Names.unit(setName(backup), 0);
  }

  static String checkerName(Backup backup) {
    return BackupCalls.makerName(backup) + "-check";
  }

  /** One unit as those that the backup is of, that nobody but its agent talks to. */
  static UnitSet set(Backup backup, UnitSetSpec original) {
    var set = new UnitSet();
    set.setMetadata(metadata(backup, setName(backup), Names.LABEL_TRIAL));
    set.setSpec(spec(backup, original));
    return set;
  }

  private static UnitSetSpec spec(Backup backup, UnitSetSpec original) {
    BackupStatus made = Objects.requireNonNull(backup.getStatus());
    VerifySpec verify = Objects.requireNonNull(backup.getSpec().verify());
    return new UnitSetSpec(
        original.type(),
        Objects.requireNonNullElse(made.engineVersion(), original.version()),
        original.edition(),
        1,
        original.sharedConfigName(),
        verify.resources() == null ? original.resources() : verify.resources(),
        original.env(),
        original.storages().stream().map(storage -> sized(storage, verify)).toList(),
        original.emptyDir(),
        original.secret(),
        original.certificateSecret(),
        null,
        null,
        null,
        original.nodeAffinityPreset(),
        original.podAntiAffinityPreset(),
        original.extraVolume().stream().filter(TrialObjects::isNobodys).toList(),
        original.certificateProfile(),
        null,
        List.of(),
        original.plugin(),
        original.topologySpreadConstraints(),
        original.priorityClassName(),
        original.imagePullSecrets(),
        null,
        original.parameters(),
        null,
        new RestoreFromSpec(backup.getMetadata().getName(), null, null, null),
        new ClaimRetentionSpec(ClaimRetentionSpec.Policy.DELETE, ClaimRetentionSpec.Policy.DELETE),
        false);
  }

  private static StorageSpec sized(StorageSpec storage, VerifySpec verify) {
    String size =
        verify.storages().stream()
            .filter(other -> other.name().equals(storage.name()))
            .map(VerifySpec.StorageSize::size)
            .findFirst()
            .orElse(storage.size());
    return new StorageSpec(storage.name(), storage.mountPath(), size, storage.storageClassName());
  }

  /** Whether a volume can be had a second time without touching what others keep in it. */
  private static boolean isNobodys(ExtraVolumeSpec extra) {
    Volume volume = extra.volume();
    return Stream.of(
            Optional.ofNullable(volume.getConfigMap()),
            Optional.ofNullable(volume.getSecret()),
            Optional.ofNullable(volume.getProjected()),
            Optional.ofNullable(volume.getDownwardAPI()),
            Optional.ofNullable(volume.getEmptyDir()))
        .anyMatch(Optional::isPresent);
  }

  /** What checks the data; it gets what the backup told of itself. */
  static GrpcCall checker(Backup backup, TrialStatus trial, DataCheck check, Instant now) {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    Objects.requireNonNull(backup.getStatus()).values().entrySet().stream()
        .filter(one -> check.parameters().contains(one.getKey()))
        .forEach(one -> parameters.put(one.getKey(), one.getValue()));
    var call = new GrpcCall();
    call.setMetadata(metadata(backup, checkerName(backup), Names.LABEL_BACKUP));
    call.setSpec(
        new GrpcCallSpec(
            unitName(backup),
            backup.getSpec().type(),
            check.action(),
            parameters,
            null,
            null,
            Math.toIntExact(Math.max(1, DecideTrial.left(trial, backup.getSpec(), now))),
            TRIES,
            null));
    return call;
  }

  private static ObjectMeta metadata(Backup backup, String name, String label) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(backup.getMetadata().getNamespace())
        .withLabels(Map.of(label, backup.getMetadata().getName()))
        .withOwnerReferences(Owners.controller(backup))
        .build();
  }
}
