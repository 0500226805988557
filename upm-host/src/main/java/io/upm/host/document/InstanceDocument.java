package io.upm.host.document;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.upm.host.plugin.PluginKey;
import java.util.List;
import java.util.Map;

/**
 * What the runtime wants of one instance. Lies in the ConfigMap {@code <unit>-instance}, is mounted
 * into the Pod, so that a Pod starts while the runtime is down, and is pushed to the agent when it
 * changes. Holds no secret. Unknown fields are ignored, so that an older agent reads a newer
 * document.
 *
 * @param revision grows with each change; an agent never goes back
 * @param engine value of {@code spec.type}
 * @param version engine version
 * @param mode replication or cluster mode; empty for none
 * @param running whether the engine is to run ({@code Unit.spec.startup})
 * @param awaitsRestore whether an empty data volume waits for an action that fills it, and is not
 *     made an instance ({@code Unit.spec.restoreFrom})
 * @param identity who the instance is
 * @param limits what it may use
 * @param mounts mount point of each volume by name
 * @param settings the UnitSet's environment variables with literal values
 * @param ports number of each port by name
 * @param peers instances of the set by ordinal, itself included
 * @param parameters what the user set, by parameter name
 * @param secretPath directory where the Secret with the passwords is mounted; empty for none
 * @param cipherPath file with the AES key of the old password format; empty when values are plain
 * @param plugin which plugin the runtime uses for this instance; null while it has none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record InstanceDocument(
    long revision,
    String engine,
    String version,
    String mode,
    boolean running,
    boolean awaitsRestore,
    Identity identity,
    Limits limits,
    Map<String, String> mounts,
    Map<String, String> settings,
    Map<String, Integer> ports,
    List<Peer> peers,
    Map<String, String> parameters,
    String secretPath,
    String cipherPath,
    @org.jspecify.annotations.Nullable PluginKey plugin) {

  /** As {@link io.upm.spi.instance.Instance.Identity}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Identity(String namespace, String set, String unit, int ordinal, String host) {}

  /** As {@link io.upm.spi.engine.Limits}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Limits(long memoryBytes, long cpuMillis) {}

  /** As {@link io.upm.spi.instance.Peer}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Peer(String unit, int ordinal, String host) {}

  public InstanceDocument {
    mounts = Map.copyOf(mounts);
    settings = Map.copyOf(settings);
    ports = Map.copyOf(ports);
    peers = List.copyOf(peers);
    parameters = Map.copyOf(parameters);
  }

  /** The same with another revision. */
  public InstanceDocument withRevision(long number) {
    return copy(number, limits);
  }

  /** The same for an instance that may use something else. */
  public InstanceDocument withLimits(Limits others) {
    return copy(revision, others);
  }

  private InstanceDocument copy(long number, Limits bounds) {
    return new InstanceDocument(
        number,
        engine,
        version,
        mode,
        running,
        awaitsRestore,
        identity,
        bounds,
        mounts,
        settings,
        ports,
        peers,
        parameters,
        secretPath,
        cipherPath,
        plugin);
  }
}
