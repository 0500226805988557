package io.upm.runtime.validation;

import io.upm.runtime.api.ServiceSpec;
import io.upm.runtime.api.ServiceSpec.Type;
import io.upm.runtime.api.UnitSetSpec;
import io.upm.spi.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Services. */
final class ServiceRules {
  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern NETWORK =
      Pattern.compile(
          OCTET
              + "(\\."
              + OCTET
              + "){3}/(3[0-2]|[12]?\\d)|[0-9a-fA-F:]{2,39}/(12[0-8]|1[01]\\d|[1-9]?\\d)");
  private static final String BALANCED = "type: LoadBalancer with it, or leave it out";

  private ServiceRules() {}

  static List<Problem> check(UnitSetSpec spec) {
    var problems = new ArrayList<Problem>();
    service("spec.externalService", spec.externalService(), problems);
    service("spec.unitService", spec.unitService(), problems);
    return problems;
  }

  private static void service(String field, @Nullable ServiceSpec service, List<Problem> problems) {
    if (service == null) {
      return;
    }
    service.annotations().keySet().stream()
        .filter(key -> !LabelKeys.areLike(key))
        .forEach(key -> problems.add(new Problem(field + ".annotations", key, LabelKeys.ALLOWED)));
    if (service.externalTrafficPolicy() != null && service.typeOrDefault() == Type.CLUSTER_IP) {
      problems.add(
          new Problem(
              field + ".externalTrafficPolicy",
              service.externalTrafficPolicy().text(),
              "type: NodePort or LoadBalancer with it, or leave it out"));
    }
    balancer(field, service, problems);
  }

  private static void balancer(String field, ServiceSpec service, List<Problem> problems) {
    boolean balanced = service.typeOrDefault() == Type.LOAD_BALANCER;
    String balancer = service.loadBalancerClass();
    if (balancer != null && !LabelKeys.areLike(balancer)) {
      problems.add(new Problem(field + ".loadBalancerClass", balancer, LabelKeys.ALLOWED));
    } else if (balancer != null && !balanced) {
      problems.add(new Problem(field + ".loadBalancerClass", balancer, BALANCED));
    }
    Boolean ports = service.allocateLoadBalancerNodePorts();
    if (ports != null && !balanced) {
      problems.add(
          new Problem(field + ".allocateLoadBalancerNodePorts", ports.toString(), BALANCED));
    }
    var seen = new HashSet<String>();
    for (String range : service.loadBalancerSourceRanges()) {
      if (!NETWORK.matcher(range).matches()) {
        problems.add(
            new Problem(
                field + ".loadBalancerSourceRanges", range, "a network, such as 10.0.0.0/8"));
      } else if (!balanced) {
        problems.add(new Problem(field + ".loadBalancerSourceRanges", range, BALANCED));
      } else if (!seen.add(range)) {
        problems.add(new Problem(field + ".loadBalancerSourceRanges", range, "each network once"));
      }
    }
  }
}
