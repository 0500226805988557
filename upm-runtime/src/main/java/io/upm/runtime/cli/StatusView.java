package io.upm.runtime.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One screen of {@code upm status}, before it is drawn; with {@code -o json} and {@code -o yaml} it
 * is the output.
 *
 * @param subject what was asked for
 * @param units one for each unit, or for each node where there are no units
 * @param topologies replication or clusters between the units
 * @param services what clients connect to
 * @param declared databases and users that are declared for it
 * @param calls what is being done beside the units, oldest first
 * @param backups the last ones, newest first
 * @param concerns what is not as it should be; empty when all is well
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StatusView(
    Subject subject,
    List<UnitRow> units,
    List<TopologyRow> topologies,
    List<ServiceRow> services,
    List<DeclaredRow> declared,
    List<CallRow> calls,
    List<BackupRow> backups,
    List<Concern> concerns) {

  /**
   * @param engine value of {@code spec.type}; empty for a topology by itself
   * @param version engine version
   * @param mode replication or cluster mode; empty for none
   */
  public record Subject(
      String kind,
      String namespace,
      String name,
      boolean ready,
      String engine,
      String version,
      String mode,
      int wantedUnits,
      int readyUnits) {}

  /**
   * @param role as observed; empty when it has none
   * @param state why it is not ready; empty when it is
   * @param lagSeconds how far it is behind; null when not known or without meaning
   * @param position GTID set, LSN or offset; empty when not known
   * @param node Kubernetes node, or the address of a node outside Kubernetes
   * @param plugin id and version of the plugin that its agent uses; empty when not known
   * @param restarts how often its containers were started again
   * @param engineStarts how often the engine was started since its container was; null when not
   *     known
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record UnitRow(
      String name,
      String role,
      boolean ready,
      String state,
      @Nullable Long lagSeconds,
      String position,
      String node,
      String address,
      String agentVersion,
      String plugin,
      int restarts,
      @Nullable Integer engineStarts,
      List<VolumeRow> volumes) {
    public UnitRow {
      volumes = List.copyOf(volumes);
    }
  }

  /**
   * @param size as Kubernetes writes it, such as {@code 2Gi}
   * @param phase of the claim, such as {@code Bound}
   */
  public record VolumeRow(String name, String size, String phase) {}

  /**
   * @param source node that takes writes; empty for none
   * @param message one sentence
   */
  public record TopologyRow(
      String kind, String name, boolean ready, String source, String message) {}

  /**
   * @param address where clients inside the cluster connect, such as {@code 10.0.0.1:3306}; with
   *     the node port or outer address behind it where there is one
   * @param unit the one unit that it is for; empty when it is for several
   * @param endpoints units that it leads to now, by name
   */
  public record ServiceRow(
      String name, String type, String address, String unit, List<String> endpoints) {
    public ServiceRow {
      endpoints = List.copyOf(endpoints);
    }
  }

  /**
   * @param inEngine its name in the engine
   * @param ready whether the engine has it as it is declared
   */
  public record DeclaredRow(String kind, String name, String inEngine, boolean ready) {}

  /**
   * @param running false while it waits for its turn
   * @param percent how far it is; null when not known
   * @param secondsLeft how long it will take still; null when not known
   * @param message what is being done
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CallRow(
      String name,
      String unit,
      String action,
      boolean running,
      @Nullable Integer percent,
      @Nullable Long secondsLeft,
      String message) {}

  /**
   * @param unit unit that it was made beside; empty when not known yet
   * @param ended when it ended; null when it hasn't
   * @param storedBytes what is stored; null when not known
   * @param verified whether it was restored for trial and is sound; empty when not known
   * @param location where it is; empty when it is nowhere
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record BackupRow(
      String name,
      String unit,
      String phase,
      @Nullable Instant ended,
      @Nullable Long storedBytes,
      String verified,
      String location) {}

  /**
   * Something that is not as it should be.
   *
   * @param about kind and name of the object
   * @param condition type and status of the condition, {@link #WAITING} when something is awaited;
   *     empty when it is neither
   * @param reason the condition's reason, or what is awaited; empty when it is neither
   * @param message one sentence
   * @param since since when; null when not known
   * @param deadline when waiting ends; null when it doesn't
   * @param advice what to do
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Concern(
      String about,
      String condition,
      String reason,
      String message,
      @Nullable Instant since,
      @Nullable Instant deadline,
      String advice) {
    static final String WAITING = "waiting";
  }

  public StatusView {
    units = List.copyOf(units);
    declared = List.copyOf(declared);
    calls = List.copyOf(calls);
    backups = List.copyOf(backups);
    topologies = List.copyOf(topologies);
    services = List.copyOf(services);
    concerns = List.copyOf(concerns);
  }

  /** Whether all is as it should be. */
  public boolean healthy() {
    return subject.ready() && concerns.isEmpty();
  }
}
