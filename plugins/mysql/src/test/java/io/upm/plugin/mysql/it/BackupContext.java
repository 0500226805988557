package io.upm.plugin.mysql.it;

import io.upm.spi.Password;
import io.upm.spi.store.ObjectStore;
import io.upm.spi.store.StoreLocation;
import java.util.Optional;

/** The same with a real store, and the Secret that opens it. */
class BackupContext extends UnitContext {
  static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

  private final Unit unit;
  private final String encryptionKey;

  BackupContext(Unit unit, String encryptionKey) {
    super(unit);
    this.unit = unit;
    this.encryptionKey = encryptionKey;
  }

  @Override
  public Optional<Password> secret(String key) {
    return Optional.ofNullable(key.equals("encryptionKey") ? encryptionKey : S3Server.KEYS.get(key))
        .map(Password::of);
  }

  @Override
  public ObjectStore store(StoreLocation location) {
    return new S3Store(unit.box(), location);
  }

  /** The server copies into a directory that the test, which is root here, has made. */
  @Override
  public void progress(Progress progress) {
    unit.box().own();
  }
}
