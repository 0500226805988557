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
 */
public record SetView(
    String name,
    String mode,
    List<Endpoint> units,
    String secret,
    Map<String, String> users,
    String serviceType,
    Optional<SecretKeyRef> cipher) {
  public SetView {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(mode, "mode");
    units = List.copyOf(units);
    Objects.requireNonNull(secret, "secret");
    users = Map.copyOf(users);
    Objects.requireNonNull(serviceType, "serviceType");
    Objects.requireNonNull(cipher, "cipher");
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
