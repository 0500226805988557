package io.upm.spi.topology;

import io.upm.spi.topology.CredentialRef.SecretKeyRef;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

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
 * @param restarting names of units that are about to be restarted: where a topology has a source,
 *     another unit is to be it by then
 */
public record SetView(
    String name,
    String mode,
    List<Endpoint> units,
    String secret,
    Map<String, String> users,
    String serviceType,
    Optional<SecretKeyRef> cipher,
    Set<String> restarting) {
  public SetView {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(mode, "mode");
    units = List.copyOf(units);
    Objects.requireNonNull(secret, "secret");
    users = Map.copyOf(users);
    Objects.requireNonNull(serviceType, "serviceType");
    Objects.requireNonNull(cipher, "cipher");
    restarting = Set.copyOf(restarting);
  }

  /** The same set, about to restart these units. */
  public SetView withRestarting(Set<String> names) {
    return new SetView(name, mode, units, secret, users, serviceType, cipher, names);
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
    this(name, mode, units, secret, users, serviceType, cipher, Set.of());
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
