package io.upm.runtime.unit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.upm.host.document.InstanceDocument;
import io.upm.runtime.api.Names;
import io.upm.runtime.testing.Manifests;
import io.upm.runtime.unit.UnitDecision.PodStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecideUnitTest {
  private static InstanceDocument document(UnitDecision decision) {
    return Documents.read(decision.configMap().orElseThrow().getData()).orElseThrow();
  }

  @Test
  void readsEngineAndVersionOfAUnitMadeByHandFromItsContainer() {
    InstanceDocument document = document(new UnitViews().decide());

    assertThat(document.engine()).isEqualTo("acme");
    assertThat(document.version()).isEqualTo("1.2.3");
    assertThat(document.running()).isTrue();
    assertThat(document.identity())
        .isEqualTo(new InstanceDocument.Identity("demo", "solo-0", "solo-0", 0, "solo-0"));
    assertThat(document.mounts()).containsExactly(Map.entry("data", "/DATA_MOUNT"));
    assertThat(document.secretPath()).isEqualTo("/SECRET_MOUNT");
    assertThat(document.cipherPath()).isEmpty();
    assertThat(document.settings()).containsExactly(Map.entry("ADM_USER", "boss"));
    assertThat(document.ports()).containsEntry("acme", 7000).containsEntry("peer", 7001);
    assertThat(document.peers()).hasSize(1);
  }

  @Test
  void takesParametersFromAllSourcesAndThePortsFromTheSharedConfiguration() {
    var views = new UnitViews("spec/parameters={max_links: 7}");
    views.sources =
        new UnitView.Sources(
            Map.of("max_links", new TextNode("5"), "buffer", new TextNode("64M")),
            Map.of("acme", 7777, "other", 1),
            List.of());

    InstanceDocument document = document(views.decide());

    assertThat(document.parameters())
        .containsOnly(Map.entry("max_links", "7"), Map.entry("buffer", "64M"));
    assertThat(document.ports()).containsEntry("acme", 7777).doesNotContainKey("other");
  }

  @Test
  void givesARevisionToEachNewContentAndToNoOther() {
    var views = new UnitViews();
    long first = document(views.decideAndKeepDocument()).revision();
    assertThat(first).isEqualTo(UnitViews.NOW.getEpochSecond());

    views.now = UnitViews.NOW.plusSeconds(60);
    assertThat(document(views.decideAndKeepDocument()).revision()).isEqualTo(first);
    views.unit = Manifests.unit(UnitViews.BY_HAND, "spec/parameters={max_links: 7}");
    assertThat(document(views.decideAndKeepDocument()).revision()).isEqualTo(first + 1);
    views.unit = Manifests.unit(UnitViews.BY_HAND);
    assertThat(document(views.decideAndKeepDocument()).revision()).isEqualTo(first + 2);
  }

  @Test
  void overtakesARevisionThatTheDataVolumeBrought() {
    var views = new UnitViews();
    views.runPod();
    long held = document(views.decide()).revision();
    views.agentReports();
    var report = views.report(io.upm.runtime.agent.AgentView.Process.RUNNING, true);
    views.agent =
        Optional.of(
            new io.upm.runtime.agent.AgentView(
                true,
                UnitViews.NOW,
                "",
                Optional.of(
                    new io.upm.runtime.agent.AgentView.Report(
                        report.agentVersion(),
                        report.plugin(),
                        report.pluginDigest(),
                        held + 100,
                        report.process(),
                        report.reason(),
                        report.engineStarts(),
                        report.health(),
                        io.upm.runtime.agent.AgentView.Config.applied("", held + 100),
                        report.accounts()))));

    assertThat(document(views.decide()).revision()).isEqualTo(held + 101);
  }

  @Test
  void makesThePodAndKeepsIt() {
    var views = new UnitViews();
    assertThat(views.decide().pod()).isInstanceOf(PodStep.Create.class);
    assertThat(views.decide().agent()).isEmpty();

    views.runPod();

    PodStep.Keep keep = (PodStep.Keep) views.decide().pod();
    assertThat(keep.current()).isTrue();
    assertThat(keep.patch()).isEmpty();
    var attachment = views.decide().agent().orElseThrow();
    assertThat(attachment.target().address()).isEqualTo("10.1.0.5");
    assertThat(attachment.desired().engine()).isPresent();
  }

  @Test
  void makesThePodWhenItsVolumesAreThere() {
    var views = new UnitViews();
    views.place = new UnitView.Place(Optional.empty(), List.of(), Map.of(), List.of("solo-0-data"));

    UnitDecision decision = views.decide();

    assertThat(decision.pod()).isInstanceOf(PodStep.Wait.class);
    assertThat(decision.claims()).hasSize(1);
    assertThat(decision.awaited().orElseThrow())
        .isEqualTo(
            new UnitDecision.Awaited(
                "volume claim solo-0-data is bound",
                "if it stays so: kubectl describe pvc solo-0-data"));

    views.place = UnitView.Place.NONE;
    assertThat(views.decide().pod()).isInstanceOf(PodStep.Create.class);
  }

  @Test
  void replacesThePodWhenTheTemplateChanges() {
    var views = new UnitViews();
    views.runPod();
    long held = document(views.decide()).revision();

    views.unit =
        Manifests.unit(
            UnitViews.BY_HAND, "spec/template/spec/containers/0/image=registry.local/acme:2.0.1");

    UnitDecision decision = views.decide();
    assertThat(decision.pod()).isInstanceOf(PodStep.Delete.class);
    assertThat(document(decision).version())
        .as("the old Pod's agent must not be told of the new version")
        .isEqualTo("1.2.3");
    assertThat(document(decision).revision()).isEqualTo(held);
    views.pod = Optional.of(deleting(views.pod.orElseThrow()));
    assertThat(views.decide().pod()).isInstanceOf(PodStep.Wait.class);
    assertThat(document(views.decide()).version()).isEqualTo("1.2.3");
    views.pod = Optional.empty();
    assertThat(views.decide().pod()).isInstanceOf(PodStep.Create.class);
    assertThat(document(views.decide()).version()).isEqualTo("2.0.1");
  }

  @Test
  void replacesNoPodForAnotherAgentPluginOrDefaultedField() {
    var views = new UnitViews();
    views.runPod();
    Pod live = views.pod.orElseThrow();
    views.pod =
        Optional.of(
            new PodBuilder(live)
                .editSpec()
                .withSchedulerName("default-scheduler")
                .editFirstContainer()
                .withTerminationMessagePath("/dev/termination-log")
                .addNewEnv()
                .withName("INJECTED")
                .withValue("x")
                .endEnv()
                .endContainer()
                .addNewContainer()
                .withName("sidecar")
                .endContainer()
                .endSpec()
                .build());
    views.engine.pluginVersion("9.0.0").imagePrefix("elsewhere/");

    assertThat(views.decide().pod())
        .isInstanceOfSatisfying(PodStep.Keep.class, keep -> assertThat(keep.current()).isTrue());
  }

  @Test
  void leavesThePodToTheUserWhenItChangesOnlyWhenDeleted() {
    var views = new UnitViews("spec/podUpdatePolicy=OnDelete");
    views.runPod();
    views.unit =
        Manifests.unit(
            UnitViews.BY_HAND,
            "spec/podUpdatePolicy=OnDelete",
            "spec/startup=false",
            "spec/template/spec/containers/0/image=acme:2.0.1");

    UnitDecision decision = views.decide();

    assertThat(decision.pod())
        .isInstanceOfSatisfying(PodStep.Keep.class, keep -> assertThat(keep.current()).isFalse());
    assertThat(document(decision).version()).isEqualTo("1.2.3");
    assertThat(document(decision).running()).as("can change beside the Pod").isFalse();
  }

  @Test
  void makesAPodThatEndedAnewAfterAPause() {
    var views = new UnitViews();
    views.runPod();
    Pod evicted =
        new PodBuilder(views.pod.orElseThrow())
            .editMetadata()
            .withCreationTimestamp("2026-11-21T11:59:57Z")
            .endMetadata()
            .editStatus()
            .withPhase("Failed")
            .withReason("Evicted")
            .withMessage("The node was low on resource: memory.")
            .endStatus()
            .build();
    views.pod = Optional.of(evicted);

    assertThat(views.decide().pod()).isInstanceOf(PodStep.Wait.class);
    assertThat(views.decide().recheck()).contains(Duration.ofSeconds(7));
    views.now = UnitViews.NOW.plusSeconds(8);
    assertThat(views.decide().pod())
        .isInstanceOfSatisfying(
            PodStep.Delete.class, delete -> assertThat(delete.reason()).contains("Evicted"));
  }

  @Test
  void leavesAPodOfSomebodyElseAlone() {
    var views = new UnitViews();
    views.runPod();
    views.unit.getMetadata().setUid("another-uid");

    assertThat(views.decide().pod()).isInstanceOf(PodStep.Wait.class);
    assertThat(views.decide().agent()).isEmpty();
  }

  @Test
  void changesNothingAboutWhatRunsWhenThePluginIsGone() {
    var views = new UnitViews();
    views.runPod();
    views.agentReports();
    views.engine.installed(false);

    UnitDecision decision = views.decide();

    assertThat(decision.pod()).isInstanceOf(PodStep.Keep.class);
    assertThat(decision.configMap()).isEmpty();
    assertThat(decision.agent().orElseThrow().desired().engine()).isEmpty();
  }

  @Test
  void makesNothingOfASpecThatCannotBeCarriedOut() {
    var views =
        new UnitViews(
            "spec/template/spec/containers/0/volumeMounts=[]", "spec/parameters={nope: 1}");

    UnitDecision decision = views.decide();

    assertThat(decision.problems()).hasSize(2);
    assertThat(decision.pod()).isInstanceOf(PodStep.Wait.class);
    assertThat(decision.configMap()).isEmpty();
    assertThat(decision.claims()).isEmpty();
  }

  @Test
  void tellsThatAVersionIsNotServed() {
    var views = new UnitViews("spec/template/spec/containers/0/image=acme");

    assertThat(views.decide().problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.sentence()).contains("a version of ACME"));
  }

  @Test
  void bindsANewPodToTheNodeOfTheLast() {
    var views = new UnitViews();
    views.runPod();
    views.unit.setStatus(views.status());
    views.pod = Optional.empty();

    Pod bound = ((PodStep.Create) views.decide().pod()).pod();
    var term =
        bound
            .getSpec()
            .getAffinity()
            .getNodeAffinity()
            .getRequiredDuringSchedulingIgnoredDuringExecution()
            .getNodeSelectorTerms()
            .getFirst();
    assertThat(term.getMatchFields().getFirst().getValues()).containsExactly("node-a");

    var status = views.unit.getStatus();
    views.unit = Manifests.unit(UnitViews.BY_HAND, "spec/unbindNode=true");
    views.unit.setStatus(status);
    assertThat(((PodStep.Create) views.decide().pod()).pod().getSpec().getAffinity()).isNull();
  }

  @Test
  void patchesLabelsOfARunningPod() {
    var views = new UnitViews("metadata/labels={team: a}");
    views.runPod();
    Pod live = views.pod.orElseThrow();
    live.getMetadata().getLabels().put("topology", "other's");
    live.getMetadata()
        .setManagedFields(
            List.of(
                managed("upm-unit", "team", Names.LABEL_UNIT),
                managed("upm-topology", "topology")));
    views.unit = Manifests.unit(UnitViews.BY_HAND, "metadata/labels={tier: b}");

    PodStep.Keep keep = (PodStep.Keep) views.decide().pod();

    assertThat(keep.patch()).contains("{\"metadata\":{\"labels\":{\"tier\":\"b\",\"team\":null}}}");
  }

  private static io.fabric8.kubernetes.api.model.ManagedFieldsEntry managed(
      String manager, String... labels) {
    var fields = new java.util.TreeMap<String, Object>();
    for (String label : labels) {
      fields.put("f:" + label, Map.of());
    }
    var v1 = new io.fabric8.kubernetes.api.model.FieldsV1();
    v1.setAdditionalProperty("f:metadata", Map.of("f:labels", fields));
    return new io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder()
        .withManager(manager)
        .withOperation("Update")
        .withFieldsV1(v1)
        .build();
  }

  @Test
  void makesClaimsThatOutliveTheUnitUnlessAskedOtherwise() {
    var claim = new UnitViews().decide().claims().getFirst();
    assertThat(claim.getMetadata().getName()).isEqualTo("solo-0-data");
    assertThat(claim.getMetadata().getLabels()).containsEntry(Names.LABEL_UNIT, "solo-0");
    assertThat(claim.getMetadata().getOwnerReferences()).isEmpty();

    var owned = new UnitViews("spec/volumeClaimRetention=Unit").decide().claims().getFirst();
    assertThat(owned.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getUid()).isEqualTo("unit-uid"));
  }

  @Test
  void shrinksNoClaimThatSomebodyEnlarged() {
    var views = new UnitViews();
    var claim = views.decide().claims().getFirst();
    views.claims =
        Map.of(
            "solo-0-data",
            new PersistentVolumeClaimBuilder(claim)
                .editSpec()
                .editResources()
                .addToRequests("storage", new Quantity("200Gi"))
                .endResources()
                .endSpec()
                .build());

    assertThat(
            views
                .decide()
                .claims()
                .getFirst()
                .getSpec()
                .getResources()
                .getRequests()
                .get("storage"))
        .isEqualTo(new Quantity("200Gi"));
  }

  private static Pod deleting(Pod pod) {
    return new PodBuilder(pod)
        .editMetadata()
        .withDeletionTimestamp("2026-11-21T12:00:00Z")
        .endMetadata()
        .build();
  }
}
