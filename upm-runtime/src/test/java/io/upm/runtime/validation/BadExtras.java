package io.upm.runtime.validation;

import static io.upm.runtime.validation.BadSets.bad;

import io.upm.runtime.validation.BadSets.Row;
import java.util.stream.Stream;

/** Mistakes about Services, Pods, certificates and monitoring. */
final class BadExtras {
  private BadExtras() {}

  static Stream<Row> badRestores() {
    return Stream.of(
        bad(
            "spec.restoreFrom.action",
            "copy",
            "one that restores: polish",
            "spec/restoreFrom={action: copy}"),
        bad(
            "spec.restoreFrom.action",
            "restore",
            "one that restores: polish",
            "spec/restoreFrom={secretRef: {name: store}}"),
        bad(
            "spec.restoreFrom.parameters",
            "[1]",
            "names and their values",
            "spec/restoreFrom={action: polish, parameters: [1]}"),
        bad(
            "spec.restoreFrom.parameters",
            "[1]",
            "names and their values",
            "spec/restoreFrom={backup: nightly, parameters: [1]}"),
        bad(
            "spec.restoreFrom.parameters.source",
            "shelf",
            "none beside spec.restoreFrom.backup, which says where the backup is",
            "spec/restoreFrom={backup: nightly, parameters: {source: shelf}}"),
        bad(
            "spec.restoreFrom.action",
            "copy",
            "one that restores: polish",
            "spec/restoreFrom={backup: nightly, action: copy}"));
  }

  static Stream<Row> badServices() {
    String external = "spec/externalService=";
    return Stream.of(
        bad(
            "spec.externalService.annotations",
            "a b",
            "DNS prefix",
            external + "{annotations: {a b: c}}"),
        bad(
            "spec.unitService.annotations",
            "/x",
            "DNS prefix",
            "spec/unitService={annotations: {/x: c}}"),
        bad(
            "spec.externalService.loadBalancerClass",
            "a b",
            "DNS prefix",
            external + "{type: LoadBalancer, loadBalancerClass: a b}"),
        bad(
            "spec.externalService.loadBalancerClass",
            "example.com/fast",
            "type: LoadBalancer",
            external + "{type: NodePort, loadBalancerClass: example.com/fast}"),
        bad(
            "spec.unitService.loadBalancerClass",
            "example.com/fast",
            "type: LoadBalancer",
            "spec/unitService={loadBalancerClass: example.com/fast}"),
        bad(
            "spec.externalService.allocateLoadBalancerNodePorts",
            "false",
            "type: LoadBalancer",
            external + "{type: NodePort, allocateLoadBalancerNodePorts: false}"),
        bad(
            "spec.externalService.externalTrafficPolicy",
            "Local",
            "NodePort or LoadBalancer",
            external + "{externalTrafficPolicy: Local}"),
        bad(
            "spec.externalService.loadBalancerSourceRanges",
            "10.0.0.0",
            "a network",
            external + "{type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0]}"),
        bad(
            "spec.externalService.loadBalancerSourceRanges",
            "10.0.0.300/8",
            "a network",
            external + "{type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.300/8]}"),
        bad(
            "spec.externalService.loadBalancerSourceRanges",
            "10.0.0.0/33",
            "a network",
            external + "{type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/33]}"),
        bad(
            "spec.externalService.loadBalancerSourceRanges",
            "10.0.0.0/8",
            "each network once",
            external + "{type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8, 10.0.0.0/8]}"),
        bad(
            "spec.externalService.loadBalancerSourceRanges",
            "10.0.0.0/8",
            "type: LoadBalancer",
            external + "{type: NodePort, loadBalancerSourceRanges: [10.0.0.0/8]}"));
  }

  static Stream<Row> badPods() {
    return Stream.of(
        bad("spec.priorityClassName", "Gold", "lower-case", "spec/priorityClassName=Gold"),
        bad("spec.priorityClassName", "a..b", "lower-case", "spec/priorityClassName=a..b"),
        bad("spec.imagePullSecrets.name", "A", "lower-case", "spec/imagePullSecrets=[{name: A}]"),
        bad("spec.imagePullSecrets.name", "", "lower-case", "spec/imagePullSecrets=[{name: ''}]"),
        bad(
            "spec.imagePullSecrets.name",
            "r",
            "each name once",
            "spec/imagePullSecrets=[{name: r}, {name: r}]"),
        bad("spec.minReadySeconds", "-1", "from 0 to 86400", "spec/minReadySeconds=-1"),
        bad("spec.minReadySeconds", "86401", "from 0 to 86400", "spec/minReadySeconds=86401"),
        bad(
            "spec.resizePolicy.resourceName",
            "cpu",
            "each resource once",
            "spec/resizePolicy=[{resourceName: cpu, restartPolicy: NotRequired},"
                + " {resourceName: cpu, restartPolicy: RestartContainer}]"),
        bad(
            "spec.resizePolicy.resourceName",
            "",
            "cpu or memory",
            "spec/resizePolicy=[{resourceName: disk, restartPolicy: NotRequired}]"),
        bad(
            "spec.resizePolicy.memory.restartPolicy",
            "",
            "NotRequired or RestartContainer",
            "spec/resizePolicy=[{resourceName: memory, restartPolicy: Perhaps}]"),
        bad(
            "spec.plugin.version",
            "9.9.9",
            "that is there: 1.0.0",
            "spec/plugin={version: '9.9.9'}"),
        bad("spec.plugin.version", "1", "that is there: 1.0.0", "spec/plugin={version: '1'}"),
        spread("topologyKey", "a b", "DNS prefix", "maxSkew: 1, topologyKey: a b"),
        spread("topologyKey", "", "DNS prefix", "maxSkew: 1, topologyKey: ''"),
        spread("zone.maxSkew", "0", "from 1", "maxSkew: 0, topologyKey: zone"),
        spread("zone.minDomains", "0", "from 1", "maxSkew: 1, topologyKey: zone, minDomains: 0"),
        bad(
            "spec.topologySpreadConstraints.zone.minDomains",
            "2",
            "DoNotSchedule",
            "spec/topologySpreadConstraints=[{maxSkew: 1, topologyKey: zone, minDomains: 2,"
                + " whenUnsatisfiable: ScheduleAnyway}]"),
        bad(
            "spec.topologySpreadConstraints.zone.whenUnsatisfiable",
            "",
            "DoNotSchedule or",
            "spec/topologySpreadConstraints=[{maxSkew: 1, topologyKey: zone,"
                + " whenUnsatisfiable: Never}]"),
        bad(
            "spec.topologySpreadConstraints.topologyKey",
            "zone",
            "each key once",
            "spec/topologySpreadConstraints=[{maxSkew: 1, topologyKey: zone, whenUnsatisfiable:"
                + " DoNotSchedule}, {maxSkew: 2, topologyKey: zone, whenUnsatisfiable:"
                + " DoNotSchedule}]"));
  }

  private static Row spread(String field, String value, String allowed, String constraint) {
    return bad(
        "spec.topologySpreadConstraints." + field,
        value,
        allowed,
        "spec/topologySpreadConstraints=[{%s, whenUnsatisfiable: DoNotSchedule}]"
            .formatted(constraint));
  }

  static Stream<Row> badCertificates() {
    String profile = "spec/certificateProfile=";
    return Stream.of(
        bad(
            "spec.certificateProfile",
            "tls",
            "either this or",
            profile + "{rootSecret: tls}",
            "spec/certificateSecret={name: tls}"),
        bad(
            "spec.certificateProfile.rootSecret",
            "Bad_Name",
            "the name of a Secret",
            profile + "{rootSecret: Bad_Name}"),
        bad(
            "spec.certificateProfile.rootSecret",
            "",
            "the name of a Secret",
            profile + "{organizations: [a]}"),
        bad(
            "spec.certificateProfile.rootSecret",
            "gone",
            "the keys \"tls.crt\", \"tls.key\"; there is none",
            profile + "{rootSecret: gone}"),
        bad(
            "spec.certificateProfile.rootSecret",
            "empty",
            "which it lacks",
            profile + "{rootSecret: empty}"),
        bad(
            "spec.certificateProfile.organizations",
            " ",
            "1 to 64",
            profile + "{rootSecret: tls, organizations: [' ']}"),
        bad(
            "spec.certificateProfile.organizations",
            "o".repeat(65),
            "1 to 64",
            profile + "{rootSecret: tls, organizations: [%s]}".formatted("o".repeat(65))),
        bad(
            "spec.certificateProfile.organizations",
            "o",
            "each name once",
            profile + "{rootSecret: tls, organizations: [o, o]}"),
        bad(
            "spec.certificateSecret.organization",
            "o".repeat(65),
            "1 to 64",
            "spec/certificateSecret={name: tls, organization: %s}".formatted("o".repeat(65))));
  }

  static Stream<Row> badMonitors() {
    String endpoints = "spec.podMonitor.endpoints";
    return Stream.of(
        bad(
            endpoints + ".port",
            "exporter",
            "one of metrics, acme, peer",
            monitor("port: exporter")),
        bad(
            endpoints + ".port",
            "metrics",
            "each port once",
            "spec/podMonitor={enable: true, endpoints: [{port: metrics}, {}]}"),
        bad(endpoints + ".path", "metrics", "begins with", monitor("path: metrics")),
        bad(endpoints + ".path", "/a b", "without spaces", monitor("path: /a b")),
        bad(endpoints + ".interval", "30", "such as 30s", monitor("interval: '30'")),
        bad(endpoints + ".interval", "often", "such as 30s", monitor("interval: often")),
        bad(
            endpoints + ".relabelConfigs.action",
            "rename",
            "one of drop, dropequal",
            relabel("targetLabel: a, action: rename")),
        bad(endpoints + ".relabelConfigs.action", "hashmod", "one of", relabel("action: hashmod")),
        bad(
            endpoints + ".relabelConfigs.targetLabel",
            "",
            "a label",
            relabel("replacement: production")),
        bad(
            endpoints + ".relabelConfigs.targetLabel",
            "a-b",
            "a label",
            relabel("targetLabel: a-b, replacement: x")),
        bad(
            endpoints + ".relabelConfigs.sourceLabels",
            "a.b",
            "labels",
            relabel("targetLabel: a, sourceLabels: [a.b]")),
        bad(
            endpoints + ".relabelConfigs.regex",
            "(",
            "a regular expression",
            relabel("targetLabel: a, regex: (")));
  }

  private static String monitor(String endpoint) {
    return "spec/podMonitor={enable: true, endpoints: [{%s}]}".formatted(endpoint);
  }

  private static String relabel(String config) {
    return monitor("relabelConfigs: [{%s}]".formatted(config));
  }
}
