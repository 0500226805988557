package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.ServiceSpec;
import io.upm.runtime.kube.Owners;
import io.upm.spi.engine.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The Services of a set. Pure. */
final class ServiceObjects {
  private ServiceObjects() {}

  /**
   * All Services that a set is to have.
   *
   * @param units its units by name
   */
  static List<Service> services(SetPlan plan, List<String> units) {
    var services = new ArrayList<Service>();
    services.add(headless(plan));
    ServiceSpec external = plan.spec().externalService();
    if (external != null) {
      services.add(
          service(
              plan,
              Names.service(plan.name()),
              Map.of(Names.LABEL_SET, plan.name()),
              external,
              false));
    }
    ServiceSpec own = plan.spec().unitService();
    if (own != null) {
      for (String unit : units) {
        services.add(service(plan, Names.service(unit), Map.of(Names.LABEL_UNIT, unit), own, true));
      }
    }
    return services;
  }

  /**
   * Whether a Service is one that {@link #services} may make: those of the topology are the
   * topology's business.
   */
  static boolean isOurs(String set, String service) {
    return service.equals(Names.headlessService(set))
        || service.equals(Names.service(set))
        || Pattern.matches(Pattern.quote(set) + "-\\d+-svc", service);
  }

  /** Names of Pods resolve before they are ready: members of a cluster must find each other. */
  private static Service headless(SetPlan plan) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(Names.headlessService(plan.name()))
        .withNamespace(plan.namespace())
        .withLabels(labels(plan))
        .withOwnerReferences(Owners.controller(plan.set()))
        .endMetadata()
        .withNewSpec()
        .withClusterIP("None")
        .withPublishNotReadyAddresses(true)
        .withSelector(Map.of(Names.LABEL_SET, plan.name()))
        .withPorts(ports(plan.ports()))
        .endSpec()
        .build();
  }

  private static Service service(
      SetPlan plan, String name, Map<String, String> selector, ServiceSpec spec, boolean unready) {
    boolean balanced = spec.typeOrDefault() == ServiceSpec.Type.LOAD_BALANCER;
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(plan.namespace())
        .withLabels(labels(plan))
        .withAnnotations(new TreeMap<>(spec.annotations()))
        .withOwnerReferences(Owners.controller(plan.set()))
        .endMetadata()
        .withNewSpec()
        .withType(spec.typeOrDefault().text())
        .withLoadBalancerClass(balanced ? spec.loadBalancerClass() : null)
        .withLoadBalancerSourceRanges(balanced ? spec.loadBalancerSourceRanges() : List.of())
        .withAllocateLoadBalancerNodePorts(balanced ? spec.allocateLoadBalancerNodePorts() : null)
        .withExternalTrafficPolicy(
            spec.externalTrafficPolicy() == null ? null : spec.externalTrafficPolicy().text())
        .withPublishNotReadyAddresses(unready)
        .withSelector(selector)
        .withPorts(ports(plan.ports().stream().filter(Port::client).toList()))
        .endSpec()
        .build();
  }

  private static Map<String, String> labels(SetPlan plan) {
    var labels = new TreeMap<String, String>();
    if (plan.set().getMetadata().getLabels() != null) {
      labels.putAll(plan.set().getMetadata().getLabels());
    }
    labels.put(Names.LABEL_SET, plan.name());
    return labels;
  }

  private static List<ServicePort> ports(List<Port> ports) {
    return ports.stream()
        .map(port ->
            new ServicePortBuilder()
                .withName(port.name())
                .withPort(port.number())
                .withProtocol("TCP")
                .withNewTargetPort(port.number())
                .build())
        .toList();
  }
}
