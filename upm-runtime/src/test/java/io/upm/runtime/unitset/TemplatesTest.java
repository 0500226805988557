package io.upm.runtime.unitset;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.upm.runtime.kube.Canonical;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields of a set that end in Pods and Services as they are. */
class TemplatesTest {
  @Test
  void placesUnits() {
    PodSpec pod =
        pod(
            "spec/priorityClassName=gold",
            "spec/imagePullSecrets=[{name: registry}]",
            "spec/topologySpreadConstraints=[{maxSkew: 1, topologyKey: zone, minDomains: 2,"
                + " whenUnsatisfiable: DoNotSchedule}, {maxSkew: 3, topologyKey: rack,"
                + " whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {a: b}}}]");

    assertThat(pod.getPriorityClassName()).isEqualTo("gold");
    assertThat(pod.getImagePullSecrets()).extracting("name").containsExactly("registry");
    var zone = pod.getTopologySpreadConstraints().getFirst();
    assertThat(zone.getMinDomains()).isEqualTo(2);
    assertThat(zone.getWhenUnsatisfiable()).isEqualTo("DoNotSchedule");
    assertThat(zone.getLabelSelector().getMatchLabels())
        .as("those of the set")
        .containsExactlyEntriesOf(java.util.Map.of("unit-operator/unitset.name", "db"));
    assertThat(pod.getTopologySpreadConstraints().get(1).getLabelSelector().getMatchLabels())
        .containsOnlyKeys("a");
  }

  @Test
  void saysHowTheEngineIsResized() {
    Container engine =
        pod("spec/resizePolicy=[{resourceName: memory, restartPolicy: RestartContainer}]")
            .getContainers()
            .getFirst();

    assertThat(engine.getResizePolicy())
        .singleElement()
        .satisfies(policy -> {
          assertThat(policy.getResourceName()).isEqualTo("memory");
          assertThat(policy.getRestartPolicy()).isEqualTo("RestartContainer");
        });
  }

  /** A set that doesn't use a new field has the hash that it had before there was the field. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "spec/priorityClassName=''",
        "spec/imagePullSecrets=[]",
        "spec/topologySpreadConstraints=[]",
        "spec/resizePolicy=[]",
        "spec/minReadySeconds=30",
        "spec/plugin={version: '1.0.0'}",
        "spec/podMonitor={enable: true}",
        "spec/externalService={type: LoadBalancer, loadBalancerClass: a/b}"
      })
  void replacesNoPodForWhatIsNotInIt(String change) {
    assertThat(hash(change)).isEqualTo(hash());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spec/priorityClassName=gold",
        "spec/imagePullSecrets=[{name: r}]",
        "spec/topologySpreadConstraints=[{maxSkew: 1, topologyKey: z, whenUnsatisfiable:"
            + " DoNotSchedule}]",
        "spec/resizePolicy=[{resourceName: cpu, restartPolicy: NotRequired}]"
      })
  void replacesPodsForWhatIsInThem(String change) {
    assertThat(hash(change)).isNotEqualTo(hash());
  }

  @Test
  void asksForAPluginVersionWithoutAnotherPod() {
    var world = new SetWorld();
    world.run();
    String before = Canonical.hash(world.unit(0).getSpec().template());

    world.edit("spec/plugin={version: '1.0.0'}").run();

    assertThat(world.unit(0).getMetadata().getAnnotations())
        .containsEntry("upm.io/plugin-version", "1.0.0");
    assertThat(Canonical.hash(world.unit(0).getSpec().template())).isEqualTo(before);
    world.edit().run();
    assertThat(world.unit(0).getMetadata().getAnnotations())
        .doesNotContainKey("upm.io/plugin-version");
  }

  @Test
  void balancesTheExternalService() {
    var world =
        new SetWorld(
            "spec/externalService={type: LoadBalancer, loadBalancerClass: example.com/fast,"
                + " allocateLoadBalancerNodePorts: false, externalTrafficPolicy: Local,"
                + " loadBalancerSourceRanges: [10.0.0.0/8]}");
    world.run();

    Service service = world.service("db-svc");
    assertThat(service.getSpec().getLoadBalancerClass()).isEqualTo("example.com/fast");
    assertThat(service.getSpec().getAllocateLoadBalancerNodePorts()).isFalse();
    assertThat(service.getSpec().getExternalTrafficPolicy()).isEqualTo("Local");
    assertThat(service.getSpec().getLoadBalancerSourceRanges()).isEqualTo(List.of("10.0.0.0/8"));
  }

  private static PodSpec pod(String... changes) {
    var world = new SetWorld(changes);
    world.run();
    return world.unit(0).getSpec().template().spec();
  }

  private static String hash(String... changes) {
    var world = new SetWorld(changes);
    world.run();
    return UnitObjects.inputs(world.unit(0));
  }
}
