package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.upm.spi.Problem;
import io.upm.spi.topology.SetView;
import java.util.List;
import java.util.Optional;

/** Topology objects that the runtime makes for UnitSets with {@code spec.topology}. */
public interface TopologyObjects {
  /**
   * Creates or updates the topology object of a UnitSet; it has the UnitSet's name. Nothing is
   * written when nothing changed.
   *
   * @param engine value of {@code spec.type}
   * @return what is wrong; nothing was written then
   */
  List<Problem> own(String engine, String namespace, SetView set, OwnerReference owner);

  /** Removes the object that {@link #own} made, if there is one and this UnitSet owns it. */
  void disown(String engine, String namespace, String set, String ownerUid);

  /** Readiness of a UnitSet's topology object; empty while there is none. */
  Optional<TopologyState> state(String engine, String namespace, String name);

  /**
   * Node that can take over from another before that is restarted or removed. The plugin is asked,
   * so this costs more than {@link #state}, and is only worth it when somebody is to hand over.
   *
   * @param node the node that takes writes
   * @return empty for none; so it is while there is no object, and when the plugin fails
   */
  Optional<String> successor(String engine, String namespace, String name, String node);

  /** Calls the listener with namespace and name after each change of a topology object's status. */
  void onChange(java.util.function.BiConsumer<String, String> listener);

  /**
   * What a topology object says of itself.
   *
   * @param ready whether it is as its spec wants
   * @param message one sentence
   * @param source node that takes writes; empty for none
   */
  record TopologyState(boolean ready, String message, String source) {}
}
