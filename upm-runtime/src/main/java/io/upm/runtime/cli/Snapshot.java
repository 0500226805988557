package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import java.util.List;
import java.util.Optional;

/**
 * What the API server said, as it said it.
 *
 * @param set the UnitSet of that name, if there is one
 * @param units its Units
 * @param pods their Pods
 * @param topologies objects of kinds that plugins declared: those of that name, those that the
 *     UnitSet owns, and those that name one of its units
 * @param services all of the namespace
 * @param slices all of the namespace
 * @param attached what there is for it
 */
record Snapshot(
    Optional<UnitSet> set,
    List<Unit> units,
    List<Pod> pods,
    List<GenericKubernetesResource> topologies,
    List<Service> services,
    List<EndpointSlice> slices,
    Attached attached) {
  Snapshot {
    units = List.copyOf(units);
    pods = List.copyOf(pods);
    topologies = List.copyOf(topologies);
    services = List.copyOf(services);
    slices = List.copyOf(slices);
  }

  /** Whether there is anything of that name. */
  boolean found() {
    return set.isPresent() || !topologies.isEmpty();
  }
}
