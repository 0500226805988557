package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.store.BackupManifest;
import io.upm.spi.store.Encoding;
import io.upm.spi.store.EncryptionKey;
import io.upm.spi.store.ObjectStore;
import io.upm.spi.store.StoredObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backup that is there, and that can be read with what the Secret holds.
 *
 * @param place where it is
 * @param store the store
 * @param manifest what it is
 * @param data its dump
 * @param encoding how that is encoded
 */
record Source(
    Place place, ObjectStore store, BackupManifest manifest, StoredObject data, Encoding encoding) {
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
    if (!manifest.engine().equals(MysqlEngine.DESCRIPTOR.engine())
        || !manifest.method().equals(LogicalBackup.NAME)
        || manifest.objects().size() != 1) {
      throw Place.wrong(
          "source",
          source,
          "a %s of MySQL; that is a %s of %s"
              .formatted(LogicalBackup.NAME, manifest.method(), manifest.engine()));
    }
    StoredObject data = manifest.objects().getFirst();
    return new Source(
        place,
        store,
        manifest,
        data.at(place.prefix() + data.key()),
        new Encoding(manifest.compression(), key(manifest, context), LogicalBackup.DATA));
  }

  private static Optional<EncryptionKey> key(BackupManifest manifest, ActionContext context) {
    if (manifest.keyId().isEmpty()) {
      return Optional.empty();
    }
    Optional<EncryptionKey> key = Place.encryptionKey(context);
    if (key.map(EncryptionKey::id).filter(manifest.keyId()::equals).isEmpty()) {
      throw PluginException.user(
          "spec.secretRef: the backup is encrypted with the key %s; %s of the Secret is %s"
              .formatted(
                  manifest.keyId(),
                  Place.ENCRYPTION_KEY,
                  key.map(EncryptionKey::id).orElse("missing")));
    }
    return key;
  }
}
