package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.api.Backup;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.Unit;
import io.upm.runtime.testing.AcmeEngine;
import io.upm.runtime.testing.Manifests;
import io.upm.spi.instance.Health;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Unit with its surroundings, a part at a time. */
final class UnitViews {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /** As a user writes it by hand. */
  static final String BY_HAND =
      """
      apiVersion: upm.syntropycloud.io/v1alpha2
      kind: Unit
      metadata: {name: solo-0, namespace: demo, uid: unit-uid, generation: 4}
      spec:
        unbindNode: false
        startup: true
        sharedConfigName: shared
        template:
          spec:
            containers:
              - name: acme
                image: registry.local:5000/acme/acme:1.2.3
                ports: [{containerPort: 7000, name: acme}]
                env:
                  - {name: ADM_USER, value: boss}
                  - name: PASSWORD
                    valueFrom: {secretKeyRef: {name: solo-secret, key: boss}}
                volumeMounts:
                  - {name: data, mountPath: /DATA_MOUNT}
                  - {name: secret, mountPath: /SECRET_MOUNT}
            volumes:
              - {name: data, persistentVolumeClaim: {claimName: solo-0-data}}
              - {name: secret, secret: {secretName: solo-secret}}
        volumeClaimTemplates:
          - metadata: {name: data}
            spec:
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 100Gi}}
              storageClassName: standard
      """;

  final AcmeEngine engine = new AcmeEngine();
  Unit unit;
  UnitView.Sources sources = UnitView.Sources.NONE;
  Optional<Pod> pod = Optional.empty();
  Optional<ConfigMap> configMap = Optional.empty();
  Map<String, io.fabric8.kubernetes.api.model.PersistentVolumeClaim> claims = Map.of();
  UnitView.Place place = UnitView.Place.NONE;
  Optional<AgentView> agent = Optional.empty();
  List<GrpcCall> restores = List.of();
  AgentImage agentImage = new AgentImage("upm-agent:1", true);
  Optional<Backup> backup = Optional.empty();
  Instant now = NOW;

  UnitViews(String... changes) {
    unit = Manifests.unit(BY_HAND, changes);
  }

  UnitView view() {
    return new UnitView(
        unit,
        EngineContainer.of(unit).map(EngineContainer::type).flatMap(engine::find),
        sources,
        new UnitView.Children(pod, configMap, claims, restores),
        place,
        agent,
        agentImage,
        backup,
        now);
  }

  UnitDecision decide() {
    return DecideUnit.decide(view());
  }

  /** What was decided about the ConfigMap is there now. */
  UnitDecision decideAndKeepDocument() {
    UnitDecision decision = decide();
    configMap = decision.configMap().or(() -> configMap);
    return decision;
  }

  /** The Pod is made, has an address and is ready. */
  void runPod() {
    Pod made = ((UnitDecision.PodStep.Create) decideAndKeepDocument().pod()).pod();
    pod =
        Optional.of(
            new PodBuilder(made)
                .editMetadata()
                .withUid("pod-uid")
                .withCreationTimestamp("2026-11-21T11:00:00Z")
                .endMetadata()
                .editSpec()
                .withNodeName("node-a")
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .withPodIP("10.1.0.5")
                .withHostIP("192.168.1.1")
                .addNewPodIP("10.1.0.5")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build());
  }

  /** The agent says that all is well. */
  void agentReports() {
    agent =
        Optional.of(
            new AgentView(true, NOW, "", Optional.of(report(AgentView.Process.RUNNING, true))));
  }

  /** The agent says that all is well, but for the configuration for the document as it is. */
  void agentReports(boolean pendingRestart, List<String> restartFor, List<String> drift) {
    long revision = report(AgentView.Process.RUNNING, true).revision();
    agentReports(new AgentView.Config("", pendingRestart, restartFor, "", revision, drift));
  }

  /** The agent says that all is well, but for the configuration. */
  void agentReports(AgentView.Config config) {
    AgentView.Report report = report(AgentView.Process.RUNNING, true);
    agent =
        Optional.of(
            new AgentView(
                true,
                NOW,
                "",
                Optional.of(
                    new AgentView.Report(
                        report.agentVersion(),
                        report.plugin(),
                        report.pluginDigest(),
                        report.revision(),
                        report.process(),
                        "",
                        1,
                        report.health(),
                        config,
                        report.accounts()))));
  }

  /** The agent says that all is well, but for the passwords. */
  void agentReports(AgentView.Accounts accounts) {
    AgentView.Report report = report(AgentView.Process.RUNNING, true);
    agent =
        Optional.of(
            new AgentView(
                true,
                NOW,
                "",
                Optional.of(
                    new AgentView.Report(
                        report.agentVersion(),
                        report.plugin(),
                        report.pluginDigest(),
                        report.revision(),
                        report.process(),
                        "",
                        1,
                        report.health(),
                        report.config(),
                        accounts))));
  }

  /** The agent says that all is well, and what it runs from. */
  void agentReports(AgentView.Tree tree) {
    AgentView.Report report = report(AgentView.Process.RUNNING, true);
    agent =
        Optional.of(
            new AgentView(
                true,
                NOW,
                "",
                Optional.of(
                    new AgentView.Report(
                        report.agentVersion(),
                        report.plugin(),
                        report.pluginDigest(),
                        report.revision(),
                        report.process(),
                        "",
                        1,
                        report.health(),
                        report.config(),
                        report.accounts(),
                        Optional.of(tree)))));
  }

  AgentView.Report report(AgentView.Process process, boolean ready) {
    long revision =
        configMap
            .flatMap(map -> Documents.read(map.getData()))
            .map(doc -> doc.revision())
            .orElse(0L);
    return new AgentView.Report(
        "0.1.0",
        "acme@1.0.0",
        "ab".repeat(32),
        revision,
        process,
        ready ? "" : "it recovers",
        1,
        new Health(true, ready, "source", ready ? "" : "it recovers", Map.of(), Map.of()),
        AgentView.Config.applied("cd".repeat(32), revision),
        AgentView.Accounts.TAKEN);
  }

  io.upm.runtime.api.UnitStatus status() {
    UnitView view = view();
    return UnitReport.status(view, DecideUnit.decide(view), java.util.List.of());
  }

  io.upm.runtime.api.UnitStatus.WaitingFor waitingFor() {
    return java.util.Objects.requireNonNull(status().waitingFor(), "waits for nothing");
  }
}
