package io.upm.spi.topology;

import io.upm.spi.topology.CredentialRef.SecretKeyRef;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A UnitSet, as far as a manager needs it to write a spec for it.
 *
 * @param name name of the UnitSet
 * @param mode {@code spec.topology.mode}
 * @param units its units by ordinal, where clients reach them
 * @param secret name of its Secret
 * @param users user name of each account by purpose
 * @param serviceType {@code spec.topology.service.type}, or {@code ClusterIP}
 * @param cipher Secret and key with the AES key of its passwords; empty when they are plain
 * @param restarting name of the unit that is about to be restarted or removed: its {@link
 *     TopologyManager#successor} is to take over before
 */
public record SetView(
    String name,
    String mode,
    List<Endpoint> units,
    String secret,
    Map<String, String> users,
    String serviceType,
    Optional<SecretKeyRef> cipher,
    Optional<String> restarting) {
  public SetView {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(mode, "mode");
    units = List.copyOf(units);
    Objects.requireNonNull(secret, "secret");
    users = Map.copyOf(users);
    Objects.requireNonNull(serviceType, "serviceType");
    Objects.requireNonNull(cipher, "cipher");
    Objects.requireNonNull(restarting, "restarting");
  }

  /** The same set, about to restart that unit. */
  public SetView withRestarting(String unit) {
    return new SetView(name, mode, units, secret, users, serviceType, cipher, Optional.of(unit));
  }

  /** A UnitSet in which nothing is to be restarted. */
  public SetView(
      String name,
      String mode,
      List<Endpoint> units,
      String secret,
      Map<String, String> users,
      String serviceType,
      Optional<SecretKeyRef> cipher) {
    this(name, mode, units, secret, users, serviceType, cipher, Optional.empty());
  }

  /** A UnitSet with plain passwords. */
  public SetView(
      String name,
      String mode,
      List<Endpoint> units,
      String secret,
      Map<String, String> users,
      String serviceType) {
    this(name, mode, units, secret, users, serviceType, Optional.empty());
  }
}
