package io.upm.plugin.mysql.backup;

import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.store.BackupManifest;
import io.upm.spi.store.Encoding;
import io.upm.spi.store.EncryptionKey;
import io.upm.spi.store.ObjectStore;
import io.upm.spi.store.StoredObject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backup that is there, and that can be read with what the Secret holds.
 *
 * @param backup what it is, and where
 * @param store the store
 * @param key what it is encrypted with, if it is
 */
record Source(Archived backup, ObjectStore store, Optional<EncryptionKey> key) {
  /**
   * Finds it.
   *
   * @throws PluginException of kind USER when there is none, or it is not ours or can't be read
   */
  static Source find(
      String source, @Nullable String endpoint, @Nullable String region, ActionContext context) {
    Place place = Place.of("source", source);
    ObjectStore store = context.store(place.location(endpoint, region, context));
    BackupManifest manifest =
        store
            .manifest(place.prefix())
            .orElseThrow(() ->
                Place.wrong(
                    "source",
                    source,
                    "a complete backup, which has an object " + BackupManifest.NAME));
    var backup = new Archived(place, manifest);
    if (!backup.isFull() && !backup.isLink() && !backup.isPart()) {
      throw notOne(
          "%s, %s or %s".formatted(LogicalBackup.NAME, PhysicalBackup.NAME, BinlogBackup.NAME),
          source,
          manifest);
    }
    return of(backup, store, context);
  }

  /** One that is known. */
  static Source of(Archived backup, ObjectStore store, ActionContext context) {
    return new Source(backup, store, key(backup, context));
  }

  /**
   * This one, which must hold all data.
   *
   * @throws PluginException of kind USER when it doesn't
   */
  Source full() {
    if (!backup.isFull() || manifest().objects().size() != 1) {
      throw notOne(
          "full %s or %s".formatted(LogicalBackup.NAME, PhysicalBackup.NAME),
          place().toString(),
          manifest());
    }
    return this;
  }

  /**
   * This one, which must be of one database.
   *
   * @throws PluginException of kind USER when it isn't
   */
  Source part() {
    if (!backup.isPart() || manifest().objects().size() != 1) {
      throw notOne(
          LogicalBackup.NAME + " with the parameter database", place().toString(), manifest());
    }
    return this;
  }

  Place place() {
    return backup.place();
  }

  BackupManifest manifest() {
    return backup.manifest();
  }

  /** Its objects, by their keys in the store. */
  List<StoredObject> objects() {
    return manifest().objects().stream()
        .map(object -> object.at(place().prefix() + object.key()))
        .toList();
  }

  /** How one of them is encoded. */
  Encoding encoding(StoredObject object) {
    return new Encoding(
        manifest().compression(), key, object.key().substring(place().prefix().length()));
  }

  /** Size of what it stands for. */
  long bytes() {
    return manifest().objects().stream().mapToLong(StoredObject::bytes).sum();
  }

  private static PluginException notOne(String allowed, String source, BackupManifest manifest) {
    return Place.wrong(
        "source",
        source,
        "a %s of MySQL; that is a %s of %s"
            .formatted(allowed, manifest.method(), manifest.engine()));
  }

  private static Optional<EncryptionKey> key(Archived backup, ActionContext context) {
    String id = backup.manifest().keyId();
    if (id.isEmpty()) {
      return Optional.empty();
    }
    Optional<EncryptionKey> key = Place.encryptionKey(context);
    if (key.map(EncryptionKey::id).filter(id::equals).isEmpty()) {
      throw PluginException.user(
          "spec.secretRef: the backup %s is encrypted with the key %s; %s of the Secret is %s"
              .formatted(
                  backup.place(),
                  id,
                  Place.ENCRYPTION_KEY,
                  key.map(EncryptionKey::id).orElse("missing")));
    }
    return key;
  }
}
