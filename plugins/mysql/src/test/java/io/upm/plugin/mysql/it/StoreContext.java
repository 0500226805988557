package io.upm.plugin.mysql.it;

import io.upm.spi.Password;
import io.upm.spi.store.ObjectStore;
import io.upm.spi.store.StoreLocation;
import java.util.Optional;

/** The same with a store, which every place is in, and the Secret that opens it. */
final class StoreContext extends UnitContext {
  private final ObjectStore store;

  StoreContext(Unit unit, ObjectStore store) {
    super(unit);
    this.store = store;
  }

  @Override
  public Optional<Password> secret(String key) {
    return key.equals("ca.crt") ? Optional.empty() : Optional.of(Password.of("a secret"));
  }

  @Override
  public ObjectStore store(StoreLocation location) {
    return store;
  }
}
