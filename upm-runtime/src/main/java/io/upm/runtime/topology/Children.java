package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.topology.ExternalNodes.Member;
import io.upm.spi.topology.NodeReport.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Services and EndpointSlices of a topology object. Pure.
 *
 * @param owner the topology object
 * @param labels its labels on Pods
 * @param portName name of the port for clients
 */
record Children(HasMetadata owner, RoutePlan.Labels labels, String portName) {
  /** Labels by which a child leads back to its topology object. */
  static final String LABEL_KIND = "upm.syntropycloud.io/topology-kind";

  static final String LABEL_NAME = "upm.syntropycloud.io/topology";

  /** Which node has which addresses in an EndpointSlice. */
  static final String ANNOTATION_NODES = "upm.syntropycloud.io/nodes";

  private static final String SERVICE = "kubernetes.io/service-name";

  /**
   * Marks EndpointSlices that were made here; those that Kubernetes makes copy a Service's labels.
   */
  static final String LABEL_SLICE = "endpointslice.kubernetes.io/managed-by";

  static final String SLICES_MANAGED_BY = "topology.upm.syntropycloud.io";

  /** Names of Services have at most 63 characters. */
  static final int NAME_LIMIT = 63 - "-readwrite".length();

  static String serviceName(String topology, Route route) {
    return topology + (route == Route.READWRITE ? "-readwrite" : "-readonly");
  }

  /** The topology object that a child leads back to; empty when it was not made here. */
  static Optional<ObjectKey> ownerOf(HasMetadata child, String kind) {
    Map<String, String> labels = child.getMetadata().getLabels();
    if (labels == null || !kind.equals(labels.get(LABEL_KIND))) {
      return Optional.empty();
    }
    return Optional.ofNullable(labels.get(LABEL_NAME))
        .map(name -> new ObjectKey(child.getMetadata().getNamespace(), name));
  }

  static boolean leadsTo(EndpointSlice slice, String service) {
    return service.equals(slice.getMetadata().getLabels().get(SERVICE));
  }

  Service service(Route route, String type, int port) {
    return new ServiceBuilder()
        .withMetadata(metadata(serviceName(labels.name(), route), Map.of()))
        .withNewSpec()
        .withType(type)
        .withSelector(labels.selector(route))
        .addNewPort()
        .withName(portName)
        .withProtocol("TCP")
        .withPort(port)
        .withTargetPort(new IntOrString(port))
        .endPort()
        .endSpec()
        .build();
  }

  /** Slices for nodes without Pods: one for each address family and port. */
  List<EndpointSlice> slices(Route route, List<Member> members) {
    var groups =
        members.stream()
            .collect(
                Collectors.groupingBy(
                    member -> member.family() + "-" + member.port(),
                    TreeMap::new,
                    Collectors.toList()));
    var slices = new ArrayList<EndpointSlice>();
    groups.forEach((suffix, group) -> slices.add(slice(route, suffix, group)));
    return slices;
  }

  private EndpointSlice slice(Route route, String suffix, List<Member> members) {
    String service = serviceName(labels.name(), route);
    ObjectMeta metadata =
        metadata(service + "-" + suffix, Map.of(SERVICE, service, LABEL_SLICE, SLICES_MANAGED_BY));
    metadata.setAnnotations(Map.of(ANNOTATION_NODES, ExternalNodes.write(members)));
    List<Endpoint> endpoints =
        members.stream()
            .map(Member::address)
            .distinct()
            .sorted()
            .map(address ->
                new EndpointBuilder()
                    .withAddresses(address)
                    .withNewConditions()
                    .withReady(true)
                    .endConditions()
                    .build())
            .toList();
    return new EndpointSliceBuilder()
        .withMetadata(metadata)
        .withAddressType(members.getFirst().family().equals("ipv6") ? "IPv6" : "IPv4")
        .withEndpoints(endpoints)
        .addNewPort()
        .withName(portName)
        .withProtocol("TCP")
        .withPort(members.getFirst().port())
        .endPort()
        .build();
  }

  private ObjectMeta metadata(String name, Map<String, String> more) {
    var all = new TreeMap<>(more);
    all.put("app.kubernetes.io/managed-by", "upm-runtime");
    all.put(LABEL_KIND, owner.getKind());
    all.put(LABEL_NAME, owner.getMetadata().getName());
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(owner.getMetadata().getNamespace())
        .withLabels(all)
        .withOwnerReferences(Owners.controller(owner))
        .build();
  }
}
