package io.upm.runtime.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.topology.ExternalNodes.Member;
import io.upm.spi.topology.NodeReport.Route;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChildrenTest {
  private final GenericKubernetesResource owner = owner();
  private final Children children =
      new Children(owner, new RoutePlan.Labels("toy-operator/toy", "demo"), "toy");

  private static GenericKubernetesResource owner() {
    var owner = new GenericKubernetesResource();
    owner.setApiVersion("upm.syntropycloud.io/v1alpha1");
    owner.setKind("ToyReplication");
    owner.setMetadata(
        new ObjectMetaBuilder().withName("demo").withNamespace("db").withUid("u").build());
    return owner;
  }

  @Test
  void servicesSelectByRoute() {
    Service service = children.service(Route.READONLY, "NodePort", 4000);
    assertThat(service.getMetadata().getName()).isEqualTo("demo-readonly");
    assertThat(service.getSpec().getType()).isEqualTo("NodePort");
    assertThat(service.getSpec().getSelector())
        .isEqualTo(Map.of("toy-operator/toy.name", "demo", "toy-operator/toy.readonly", "true"));
    assertThat(service.getSpec().getPorts().getFirst().getName()).isEqualTo("toy");
    assertThat(Owners.controls(owner, service)).isTrue();
    assertThat(Children.ownerOf(service, "ToyReplication")).contains(new ObjectKey("db", "demo"));
    assertThat(Children.ownerOf(service, "OtherKind")).isEmpty();
  }

  @Test
  void slicesAreByFamilyAndPortAndSorted() {
    List<Member> members =
        List.of(
            new Member("b", "10.0.0.2", 4000),
            new Member("a", "10.0.0.1", 4000),
            new Member("c", "fd00::1", 4000),
            new Member("d", "10.0.0.3", 4001));
    List<EndpointSlice> slices = children.slices(Route.READWRITE, members);
    assertThat(slices)
        .extracting(slice -> slice.getMetadata().getName())
        .containsExactly(
            "demo-readwrite-ipv4-4000", "demo-readwrite-ipv4-4001", "demo-readwrite-ipv6-4000");
    EndpointSlice first = slices.getFirst();
    assertThat(first.getAddressType()).isEqualTo("IPv4");
    assertThat(first.getEndpoints())
        .extracting(endpoint -> endpoint.getAddresses().getFirst())
        .containsExactly("10.0.0.1", "10.0.0.2");
    assertThat(first.getMetadata().getLabels())
        .containsEntry("kubernetes.io/service-name", "demo-readwrite");
    assertThat(Children.leadsTo(first, "demo-readwrite")).isTrue();
    assertThat(slices.getLast().getAddressType()).isEqualTo("IPv6");
    assertThat(children.slices(Route.READONLY, List.of())).isEmpty();
  }

  @Test
  void slicesSayWhichNodeHasWhichAddress() {
    List<Member> members =
        List.of(
            new Member("b", "10.0.0.2", 4000),
            new Member("a", "10.0.0.9", 4000),
            new Member("a", "10.0.0.1", 4000));
    assertThat(ExternalNodes.write(members)).isEqualTo("a=10.0.0.1,10.0.0.9 b=10.0.0.2");
    assertThat(ExternalNodes.read(children.slices(Route.READWRITE, members)))
        .isEqualTo(Map.of("a", List.of("10.0.0.1", "10.0.0.9"), "b", List.of("10.0.0.2")));
    EndpointSlice foreign = children.slices(Route.READWRITE, members).getFirst();
    foreign.getMetadata().setAnnotations(Map.of(Children.ANNOTATION_NODES, "x  =y z"));
    assertThat(ExternalNodes.read(List.of(foreign))).isEmpty();
  }

  @Test
  void stepsBecomeReasonsOfEvents() {
    assertThat(Looks.camelCase("set-read-only")).isEqualTo("SetReadOnly");
    assertThat(Looks.camelCase("follow")).isEqualTo("Follow");
  }

  @Test
  void patchesOfPodsHoldForOnePodOnly() {
    var labels = new java.util.TreeMap<String, @org.jspecify.annotations.Nullable String>();
    labels.put("a", null);
    labels.put("b", "c");
    assertThat(PodPatch.labels("u", labels))
        .isEqualTo("{\"metadata\":{\"uid\":\"u\",\"labels\":{\"a\":null,\"b\":\"c\"}}}");
  }
}
