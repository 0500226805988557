package io.upm.spi.instance;

import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Limits;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One database instance as the plugin sees it.
 *
 * @param identity who it is
 * @param version engine version it is to run
 * @param mode {@link io.upm.spi.engine.Mode#name()}, or empty
 * @param limits what it may use
 * @param layout where its files are
 * @param settings the UnitSet's environment variables
 * @param ports number of each {@link io.upm.spi.engine.Port} by name
 * @param peers all instances of the set, itself included, by ordinal
 */
public record Instance(
    Identity identity,
    EngineVersion version,
    String mode,
    Limits limits,
    Layout layout,
    Map<String, String> settings,
    Map<String, Integer> ports,
    List<Peer> peers) {

  /**
   * Who an instance is.
   *
   * @param namespace its namespace
   * @param set name of the UnitSet; the unit's own name for a Unit without one
   * @param unit name of the Unit, which is also its host name
   * @param ordinal its number in the set, from 0; never given to another unit of the set
   * @param host DNS name under which the others reach it
   */
  public record Identity(String namespace, String set, String unit, int ordinal, String host) {}

  public Instance {
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(layout, "layout");
    settings = Map.copyOf(settings);
    ports = Map.copyOf(ports);
    peers = List.copyOf(peers);
  }

  /** User name of an account: what its variable says, or its default. */
  public String user(io.upm.spi.engine.Account account) {
    return settings.getOrDefault(account.variable(), account.defaultUser());
  }
}
