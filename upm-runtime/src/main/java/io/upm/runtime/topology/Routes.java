package io.upm.runtime.topology;

import io.upm.spi.topology.NodeReport;
import io.upm.spi.topology.NodeReport.Route;
import io.upm.spi.topology.TopologyReport;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where clients are to be sent.
 *
 * <p>A node that could not be read has no observed role. It keeps the route that it had, as an
 * unreachable observer must not stop a healthy database; whether it can serve is for its own
 * readiness to say. What it does not keep is being the one for writes while another node is.
 *
 * @param observed route of each node that has one
 * @param unread nodes that could not be read
 * @param cutOff whether not one node could be read
 */
record Routes(Map<String, Route> observed, Set<String> unread, boolean cutOff) {
  Routes {
    observed = Map.copyOf(observed);
    unread = Set.copyOf(unread);
  }

  static Routes of(TopologyReport report, Set<String> unread) {
    var observed = new TreeMap<String, Route>();
    for (NodeReport node : report.nodes()) {
      node.route().ifPresent(route -> observed.put(node.name(), route));
    }
    return new Routes(observed, unread, unread.size() >= report.nodes().size());
  }

  /** The route of a Pod that has had the given one so far. */
  Optional<Route> ofPod(String node, Optional<Route> current) {
    Route route = observed.get(node);
    if (route != null) {
      return Optional.of(route);
    }
    boolean displaced =
        current.filter(Route.READWRITE::equals).isPresent()
            && observed.containsValue(Route.READWRITE);
    return unread.contains(node) && !displaced ? current : Optional.empty();
  }

  /**
   * The route of a node without a Pod. No kubelet looks after its readiness, so one that serves
   * reads keeps its route only when it is the observer that is cut off.
   */
  Optional<Route> ofExternal(String node, Optional<Route> current) {
    Optional<Route> route = ofPod(node, current);
    boolean onlyReads = route.filter(Route.READONLY::equals).isPresent();
    return onlyReads && unread.contains(node) && !cutOff ? Optional.empty() : route;
  }
}
