package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.upm.runtime.api.Names;
import io.upm.runtime.cli.StatusView.ServiceRow;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Services of what is shown, and where they lead. Pure. */
final class ServiceRows {
  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private final Snapshot snapshot;
  private final Set<String> owners;

  ServiceRows(Snapshot snapshot) {
    this.snapshot = snapshot;
    this.owners =
        Stream.<HasMetadata>concat(
                Stream.concat(snapshot.set().stream(), snapshot.units().stream()),
                snapshot.topologies().stream())
            .map(object -> object.getMetadata().getUid())
            .collect(Collectors.toSet());
  }

  /** Those by role first. */
  List<ServiceRow> rows() {
    return snapshot.services().stream()
        .filter(this::belongs)
        .map(this::row)
        .sorted(Comparator.comparingInt(ServiceRows::rank).thenComparing(ServiceRow::name))
        .toList();
  }

  private boolean belongs(Service service) {
    return service.getMetadata().getOwnerReferences().stream()
        .anyMatch(reference -> owners.contains(reference.getUid()));
  }

  private static int rank(ServiceRow row) {
    if (row.name().endsWith("-readwrite")) {
      return 0;
    }
    return row.name().endsWith("-readonly") ? 1 : 2;
  }

  private ServiceRow row(Service service) {
    String name = service.getMetadata().getName();
    Map<String, String> labels = service.getMetadata().getLabels();
    return new ServiceRow(
        name,
        service.getSpec().getType(),
        address(service),
        labels == null ? "" : labels.getOrDefault(Names.LABEL_UNIT, ""),
        endpoints(name));
  }

  private static String address(Service service) {
    String ip = service.getSpec().getClusterIP();
    String inside =
        "None".equals(ip)
            ? service.getMetadata().getName() + "." + service.getMetadata().getNamespace()
            : ip;
    List<ServicePort> ports = service.getSpec().getPorts();
    var parts =
        Stream.concat(
            ports.stream().limit(1).map(port -> inside + ":" + port.getPort()),
            Stream.concat(nodePorts(ports), balancers(service)));
    return parts.collect(Collectors.joining(", "));
  }

  private static Stream<String> nodePorts(List<ServicePort> ports) {
    return ports.stream()
        .limit(1)
        .filter(port -> port.getNodePort() != null)
        .map(port -> "node port " + port.getNodePort());
  }

  private static Stream<String> balancers(Service service) {
    if (service.getStatus() == null || service.getStatus().getLoadBalancer() == null) {
      return Stream.empty();
    }
    return service.getStatus().getLoadBalancer().getIngress().stream()
        .map(ingress ->
            "outside " + (ingress.getIp() == null ? ingress.getHostname() : ingress.getIp()));
  }

  private List<String> endpoints(String service) {
    return snapshot.slices().stream()
        .filter(slice -> service.equals(label(slice)))
        // Where there is none, the list is missing rather than empty.
        .flatMap(slice -> Stream.ofNullable(slice.getEndpoints()))
        .flatMap(List::stream)
        .filter(ServiceRows::ready)
        .flatMap(ServiceRows::names)
        .distinct()
        .sorted()
        .toList();
  }

  private static String label(EndpointSlice slice) {
    Map<String, String> labels = slice.getMetadata().getLabels();
    return labels == null ? "" : labels.getOrDefault(SERVICE_NAME, "");
  }

  private static boolean ready(Endpoint endpoint) {
    return endpoint.getConditions() == null
        || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
  }

  private static Stream<String> names(Endpoint endpoint) {
    return endpoint.getTargetRef() == null
        ? endpoint.getAddresses().stream()
        : Stream.of(endpoint.getTargetRef().getName());
  }
}
