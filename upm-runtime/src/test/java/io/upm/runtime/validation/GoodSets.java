package io.upm.runtime.validation;

import java.util.List;
import java.util.stream.Stream;

/** UnitSets that nothing is wrong with, though they come close. */
public final class GoodSets {
  private GoodSets() {}

  /** Changes of {@link io.upm.runtime.testing.Manifests#SET}, one list for each UnitSet. */
  public static Stream<List<String>> all() {
    return Stream.of(
        List.of(),
        List.of("spec/units=1"),
        List.of("spec/units=999"),
        List.of("spec/version='2.9.9'"),
        List.of("spec/version='1.2.3-7'"),
        List.of("spec/edition=community"),
        List.of("spec/edition=''"),
        List.of("spec/resources="),
        List.of("spec/resources={limits: {memory: 1024Mi}}"),
        List.of("spec/topology={mode: pair}"),
        List.of("spec/topology={mode: pair, service: {type: NodePort}}"),
        List.of("spec/env/+={name: ARCH_MODE, value: pair}", "spec/units=1"),
        List.of("spec/env/+={name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}"),
        List.of("spec/parameters={max_links: 10, buffer: 64M, verbose: true, checks: true}"),
        List.of("spec/parameters={checks: 'STRICT', verbose: 'OFF'}"),
        List.of("spec/storages=", "spec/emptyDir=[{name: data, mountPath: /DATA_MOUNT}]"),
        List.of("spec/emptyDir=[{name: log, mountPath: /LOG_MOUNT, size: 5Gi}]"),
        List.of("spec/storages/0/size=1.5Ti"),
        List.of("spec/secret/cipher={name: cipher, key: AES_SECRET_KEY}"),
        List.of("spec/certificateSecret={name: tls, organization: My Company}"),
        List.of("spec/podAntiAffinityPreset=hard"),
        List.of("spec/nodeAffinityPreset=[{key: kubernetes.io/arch, values: [amd64]}]"),
        List.of(
            "spec/externalService={type: LoadBalancer, annotations:"
                + " {service.beta.kubernetes.io/aws-load-balancer-type: nlb}}"),
        List.of("spec/updateStrategy={type: RollingUpdate, rollingUpdate: {maxUnavailable: 3}}"),
        List.of(
            "metadata/annotations={'upm.io/node-name-map':"
                + " '{\"db-0\":\"node-a\",\"db-1\":\"noneSet\"}'}"),
        List.of(
            "spec/extraVolume=[{volume: {name: x, configMap: {name: c}}, volumeMountPath: /X}]"),
        List.of("spec/certificateProfile={rootSecret: tls, organizations: [ACME, Other Inc.]}"),
        List.of("spec/podMonitor={enable: true}"),
        List.of(
            "spec/podMonitor={enable: true, endpoints: [{port: metrics, relabelConfigs:"
                + " [{targetLabel: env, replacement: prod, action: replace}]}]}"),
        List.of(
            "spec/podMonitor={enable: true, endpoints: [{port: acme, path: /m, interval: 1m30s,"
                + " relabelConfigs: [{action: keep, sourceLabels: [a], regex: x.*}]}]}"),
        List.of(
            "spec/resizePolicy=[{resourceName: cpu, restartPolicy: NotRequired}, {resourceName:"
                + " memory, restartPolicy: RestartContainer}]"),
        List.of("spec/plugin={version: '1.0.0'}"),
        List.of("spec/restoreFrom={action: polish, parameters: {source: x}}"),
        List.of("spec/restoreFrom={backup: nightly, parameters: {until: noon}}"),
        List.of("spec/plugin={}"),
        List.of("spec/priorityClassName=system-node-critical"),
        List.of("spec/priorityClassName=''"),
        List.of("spec/imagePullSecrets=[{name: registry}, {name: other.registry}]"),
        List.of("spec/minReadySeconds=0"),
        List.of("spec/minReadySeconds=86400"),
        List.of(
            "spec/topologySpreadConstraints=[{maxSkew: 1, topologyKey: topology.kubernetes.io/zone,"
                + " whenUnsatisfiable: DoNotSchedule, minDomains: 3}, {maxSkew: 2, topologyKey:"
                + " topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway}]"),
        List.of(
            "spec/externalService={type: LoadBalancer, loadBalancerClass: example.com/fast,"
                + " allocateLoadBalancerNodePorts: false, externalTrafficPolicy: Local,"
                + " loadBalancerSourceRanges: [10.0.0.0/8, '2001:db8::/32']}"),
        List.of("spec/unitService={type: NodePort, externalTrafficPolicy: Local}"));
  }
}
