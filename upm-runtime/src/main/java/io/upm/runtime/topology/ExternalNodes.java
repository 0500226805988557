package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Nodes without Pods, as they stand in EndpointSlices. Pure. */
final class ExternalNodes {
  /**
   * One address of a node.
   *
   * @param address IPv4 or IPv6
   */
  record Member(String node, String address, int port) {
    String family() {
      return address.contains(":") ? "ipv6" : "ipv4";
    }
  }

  private ExternalNodes() {}

  /** Members as text for an annotation: {@code node=address,address node=address}. */
  static String write(List<Member> members) {
    var byNode = new TreeMap<String, List<String>>();
    for (Member member : members) {
      byNode.computeIfAbsent(member.node(), node -> new ArrayList<>()).add(member.address());
    }
    return byNode.entrySet().stream()
        .map(node ->
            node.getKey()
                + "="
                + node.getValue().stream().sorted().collect(Collectors.joining(",")))
        .collect(Collectors.joining(" "));
  }

  /** Addresses by node, as the slices say. */
  static Map<String, List<String>> read(List<EndpointSlice> slices) {
    var byNode = new TreeMap<String, List<String>>();
    for (EndpointSlice slice : slices) {
      Map<String, String> annotations = slice.getMetadata().getAnnotations();
      String text = annotations == null ? null : annotations.get(Children.ANNOTATION_NODES);
      if (text == null || text.isBlank()) {
        continue;
      }
      for (String node : text.split(" ", -1)) {
        int end = node.indexOf('=');
        if (end > 0) {
          byNode
              .computeIfAbsent(node.substring(0, end), name -> new ArrayList<>())
              .addAll(Arrays.asList(node.substring(end + 1).split(",", -1)));
        }
      }
    }
    return byNode;
  }
}
