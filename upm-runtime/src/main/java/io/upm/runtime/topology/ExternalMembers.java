package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.upm.runtime.topology.ExternalNodes.Member;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.NodeReport.Route;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds where clients of nodes without Pods are to be sent, by address. */
final class ExternalMembers {
  private final Publisher.Request request;
  private final Map<String, List<String>> writes;
  private final Map<String, List<String>> reads;
  private final HostAddresses addresses;

  /**
   * @param existing the object's EndpointSlices
   */
  ExternalMembers(
      Publisher.Request request, List<EndpointSlice> existing, HostAddresses addresses) {
    this.request = request;
    this.writes = nodes(existing, Route.READWRITE);
    this.reads = nodes(existing, Route.READONLY);
    this.addresses = addresses;
  }

  /**
   * @param problems gets a sentence for each host whose address can't be found; the addresses that
   *     it had stay
   */
  EnumMap<Route, List<Member>> find(List<String> problems) throws InterruptedException {
    var members = new EnumMap<Route, List<Member>>(Route.class);
    for (Endpoint endpoint : request.endpoints()) {
      if (request.managed().contains(endpoint.name())) {
        continue;
      }
      Optional<Route> route = request.routes().ofExternal(endpoint.name(), current(endpoint));
      if (route.isEmpty() || (route.get() == Route.READONLY && !request.readonly())) {
        continue;
      }
      List<Member> ofRoute = members.computeIfAbsent(route.get(), one -> new ArrayList<>());
      for (String address : resolve(endpoint, problems)) {
        ofRoute.add(new Member(endpoint.name(), address, endpoint.port()));
      }
    }
    return members;
  }

  private List<String> resolve(Endpoint endpoint, List<String> problems)
      throws InterruptedException {
    List<String> found = addresses.of(endpoint.host());
    if (!found.isEmpty()) {
      return found;
    }
    problems.add("host %s of node %s has no address".formatted(endpoint.host(), endpoint.name()));
    return writes.getOrDefault(endpoint.name(), reads.getOrDefault(endpoint.name(), List.of()));
  }

  private Optional<Route> current(Endpoint endpoint) {
    if (writes.containsKey(endpoint.name())) {
      return Optional.of(Route.READWRITE);
    }
    return reads.containsKey(endpoint.name()) ? Optional.of(Route.READONLY) : Optional.empty();
  }

  private Map<String, List<String>> nodes(List<EndpointSlice> existing, Route route) {
    String service = Children.serviceName(request.name(), route);
    return ExternalNodes.read(
        existing.stream().filter(slice -> Children.leadsTo(slice, service)).toList());
  }
}
