package io.upm.spi.store;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a backup is. Written when all its objects are: without it there is no backup. It holds no
 * secrets, and tells what is needed to restore years later, by hand if need be.
 *
 * @param format of this record: {@value #FORMAT}
 * @param engine id of the engine, such as {@code mysql}
 * @param version version of the engine that wrote it
 * @param method how it was made, such as {@code logical-backup}
 * @param namespace namespace of the unit
 * @param set its UnitSet
 * @param unit its name
 * @param began when it began, ISO 8601 in UTC
 * @param ended when it ended
 * @param position where it lies in the history of changes, in the engine's terms
 * @param compression how its objects are compressed
 * @param keyId {@link EncryptionKey#id()} of what they are encrypted with; empty when they aren't
 * @param objects its objects; their keys are relative to the manifest's place
 */
public record BackupManifest(
    int format,
    String engine,
    String version,
    String method,
    String namespace,
    String set,
    String unit,
    String began,
    String ended,
    Map<String, String> position,
    Encoding.Compression compression,
    String keyId,
    List<StoredObject> objects) {
  /** The only one so far. */
  public static final int FORMAT = 1;

  /** Name of the object that holds it. */
  public static final String NAME = "manifest.json";

  public BackupManifest {
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(compression, "compression");
    Objects.requireNonNull(keyId, "keyId");
    position = Map.copyOf(position);
    objects = List.copyOf(objects);
  }
}
