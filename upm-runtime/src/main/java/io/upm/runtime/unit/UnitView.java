package io.upm.runtime.unit;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.Unit;
import io.upm.runtime.engine.Engine;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a decision about a Unit depends on.
 *
 * @param unit the Unit
 * @param engine the engine of its type; empty while no plugin brings it
 * @param sources what its ConfigMaps say
 * @param children what was made for it
 * @param place where it runs and what its volumes allow
 * @param agent what its agent said; empty while it isn't attached
 * @param agentImage where agents come from
 * @param backup the Backup that its restore names; only looked up while its data volume waits for
 *     that and nothing has begun it
 * @param now time of the observation
 */
public record UnitView(
    Unit unit,
    Optional<Engine> engine,
    Sources sources,
    Children children,
    Place place,
    Optional<AgentView> agent,
    AgentImage agentImage,
    Optional<Backup> backup,
    Instant now) {

  /** Whether it was never looked at, so that nothing of it should be there but volume claims. */
  boolean isNew() {
    return unit.getStatus() == null && children.configMap().isEmpty();
  }

  /**
   * ConfigMaps that a Unit names.
   *
   * @param parameters parameter values of its template and value ConfigMap, the latter winning
   * @param ports port numbers of the shared configuration
   * @param missing names of those that are not there
   */
  public record Sources(
      Map<String, JsonNode> parameters, Map<String, Integer> ports, List<String> missing) {
    public static final Sources NONE = new Sources(Map.of(), Map.of(), List.of());
  }

  /**
   * Where a Unit runs, and what its volumes allow.
   *
   * @param node node of its Pod; empty while it has none
   * @param boundClaims claims whose volume no other node can have; only known when the node is lost
   * @param fixedClaims why a claim that is to grow can't, by name
   * @param unboundClaims claims that get their volume without a Pod and have none yet; only known
   *     while there is no Pod
   */
  public record Place(
      Optional<NodeState> node,
      List<String> boundClaims,
      Map<String, String> fixedClaims,
      List<String> unboundClaims) {
    public static final Place NONE = new Place(Optional.empty(), List.of(), Map.of(), List.of());
  }

  /**
   * What was made for a Unit.
   *
   * @param configMap with the instance document
   * @param claims volume claims by name, those that aren't its own included
   * @param restores calls that fill its data volume
   */
  public record Children(
      Optional<Pod> pod,
      Optional<ConfigMap> configMap,
      Map<String, PersistentVolumeClaim> claims,
      List<GrpcCall> restores) {
    public static final Children NONE = new Children(Optional.empty(), Optional.empty(), Map.of());

    /** Without a restore. */
    public Children(
        Optional<Pod> pod,
        Optional<ConfigMap> configMap,
        Map<String, PersistentVolumeClaim> claims) {
      this(pod, configMap, claims, List.of());
    }
  }
}
