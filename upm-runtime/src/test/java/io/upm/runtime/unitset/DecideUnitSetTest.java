package io.upm.runtime.unitset;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Service;
import io.upm.runtime.api.SyncState;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSpec;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import io.upm.runtime.unitset.SetDecision.TopologyStep;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DecideUnitSetTest {
  @Test
  void makesAllUnitsAndTheHeadlessServiceAtOnce() {
    var world = new SetWorld();

    world.step();

    assertThat(world.units.keySet()).containsExactly("db-0", "db-1", "db-2");
    assertThat(world.services.keySet()).containsExactly("db-headless-svc");
    Service headless = world.service("db-headless-svc");
    assertThat(headless.getSpec().getClusterIP()).isEqualTo("None");
    assertThat(headless.getSpec().getPublishNotReadyAddresses()).isTrue();
    assertThat(headless.getSpec().getPorts()).hasSize(2);
    Unit unit = world.unit(1);
    assertThat(unit.getMetadata().getLabels())
        .containsEntry("unit-operator/unitset.name", "db")
        .containsEntry("unit-operator/unit.name", "db-1")
        .containsEntry("unit-operator/unit.sn", "1")
        .containsEntry("unit-operator/unitset.units.count", "3")
        .containsEntry("upm.api/service-group.name", "grp");
    assertThat(unit.getMetadata().getAnnotations())
        .containsEntry("kubectl.kubernetes.io/default-container", "acme")
        .containsEntry("kubectl.kubernetes.io/default-container-version", "1.2.3");
    assertThat(unit.getSpec().startup()).as("the user's alone").isNull();
    assertThat(unit.getSpec().volumeClaimTemplates()).hasSize(1);
  }

  @Test
  void becomesReadyAndStaysAsItIs() {
    var world = new SetWorld();
    world.run();
    String before = Canonical.hash(world.units) + Canonical.hash(world.services);

    world.run();

    assertThat(Canonical.hash(world.units) + Canonical.hash(world.services)).isEqualTo(before);
    assertThat(condition(world, "Ready").getStatus()).isEqualTo("True");
    assertThat(condition(world, "Ready").getMessage()).isEqualTo("all 3 units are ready");
    assertThat(condition(world, "Progressing").getStatus()).isEqualTo("False");
    assertThat(condition(world, "Degraded").getStatus()).isEqualTo("False");
    var status = world.set.getStatus();
    assertThat(status.units()).isEqualTo(3);
    assertThat(status.readyUnits()).isEqualTo(3);
    assertThat(status.inUpdate()).isEqualTo("false");
    assertThat(status.unitImageSynced()).isEqualTo(SyncState.SYNCED);
    assertThat(status.unitResourceSynced()).isEqualTo(SyncState.SYNCED);
    assertThat(status.selector()).isEqualTo("unit-operator/unitset.name=db");
  }

  @Test
  void makesNothingOfASpecThatCannotBeCarriedOut() {
    var world = new SetWorld("spec/storages/0/size=10GB", "spec/units=0");

    SetDecision decision = world.step();

    assertThat(world.units).isEmpty();
    assertThat(world.services).isEmpty();
    assertThat(decision.problems()).hasSize(2);
    assertThat(condition(world, "Valid").getStatus()).isEqualTo("False");
    assertThat(condition(world, "Valid").getMessage())
        .contains("spec.units: \"0\" is not allowed", "spec.storages.data.size: \"10GB\"");
    assertThat(condition(world, "Ready").getReason()).isEqualTo("InvalidSpec");
  }

  @Test
  void changesNothingWhenASpecBecomesInvalidAndHealsWhenItIsReverted() {
    var world = new SetWorld();
    world.run();
    String before = Canonical.hash(world.units);

    world.edit("spec/version='9.9'", "spec/units=5").run();

    assertThat(Canonical.hash(world.units)).isEqualTo(before);
    assertThat(condition(world, "Degraded").getStatus()).isEqualTo("True");
    world.edit().run();
    assertThat(Canonical.hash(world.units)).isEqualTo(before);
    assertThat(condition(world, "Degraded").getStatus()).isEqualTo("False");
    assertThat(condition(world, "Ready").getStatus()).isEqualTo("True");
  }

  @Test
  void waitsForAMissingSecretAndHealsWhenItComes() {
    var world = new SetWorld();
    world.secrets = Map.of();
    world.run();
    assertThat(world.units).isEmpty();
    assertThat(condition(world, "Valid").getMessage()).contains("db-secret", "boss");

    world.secrets = Map.of("db-secret", Set.of("boss", "replication"));
    world.run();

    assertThat(world.units).hasSize(3);
    assertThat(condition(world, "Valid").getStatus()).isEqualTo("True");
  }

  @Test
  void leavesAnOrphanedSetAlone() {
    var world = new SetWorld();
    world.run();
    world.engine.installed(false);

    SetDecision decision = world.edit("spec/units=1").step();

    assertThat(decision.problems()).isEmpty();
    assertThat(world.units).hasSize(3);
    assertThat(condition(world, "Degraded").getReason()).isEqualTo("PluginMissing");
    assertThat(condition(world, "Ready").getStatus()).isEqualTo("True");
  }

  @Test
  void changesNothingWhilePaused() {
    var world = new SetWorld();
    world.run();

    world.edit("spec/pause=true", "spec/units=5", "spec/version='1.2.4'").run();

    assertThat(world.units).hasSize(3);
    assertThat(condition(world, "Progressing").getReason()).isEqualTo("Halted");
    world.edit("spec/units=5", "spec/version='1.2.4'").run();
    assertThat(world.units).hasSize(5);
  }

  @Test
  void scalesOutAndTellsEveryUnitHowManyThereAre() {
    var world = new SetWorld();
    world.run();

    world.edit("spec/units=5").step();

    assertThat(world.units).hasSize(5);
    assertThat(world.units.values())
        .allSatisfy(unit ->
            assertThat(unit.getMetadata().getLabels())
                .containsEntry("unit-operator/unitset.units.count", "5"));
  }

  @Test
  void letsClaimsGoWithTheSetWhenAskedTo() {
    var world = new SetWorld("spec/persistentVolumeClaimRetentionPolicy={whenDeleted: Delete}");

    world.step();

    assertThat(world.unit(0).getSpec().claimOwner()).isEqualTo(UnitSpec.ClaimOwner.UNIT_SET);
  }

  @Test
  void makesUpdatesAndDeletesServices() {
    var world =
        new SetWorld(
            "spec/externalService={type: NodePort, annotations: {a/b: c}}",
            "spec/unitService={type: ClusterIP}");
    world.step();
    assertThat(world.services.keySet())
        .containsExactly("db-0-svc", "db-1-svc", "db-2-svc", "db-headless-svc", "db-svc");
    Service external = world.service("db-svc");
    assertThat(external.getSpec().getType()).isEqualTo("NodePort");
    assertThat(external.getMetadata().getAnnotations()).containsEntry("a/b", "c");
    assertThat(external.getSpec().getPorts()).hasSize(1);
    assertThat(external.getSpec().getPublishNotReadyAddresses()).isFalse();
    world.settle();

    world.edit("spec/units=2", "spec/unitService={type: NodePort}").run();
    assertThat(world.services.keySet()).containsExactly("db-0-svc", "db-1-svc", "db-headless-svc");
    assertThat(world.service("db-0-svc").getSpec().getType()).isEqualTo("NodePort");
    world.edit().run();
    assertThat(world.services.keySet()).containsExactly("db-headless-svc");
  }

  @Test
  void deletesNoServiceThatIsNotItsOwn() {
    var world = new SetWorld();
    world.run();
    Service other = new Service();
    other.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMeta());
    other.getMetadata().setName("db-readwrite");
    world.services.put("db-readwrite", other);

    world.run();

    assertThat(world.services).containsKey("db-readwrite");
  }

  @Test
  void asksForATopologyAndRemovesItAgain() {
    var world = new SetWorld("spec/topology={mode: pair, service: {type: NodePort}}");
    world.step();
    var own = ((TopologyStep.Own) world.topologyStep).set();
    assertThat(own.name()).isEqualTo("db");
    assertThat(own.mode()).isEqualTo("pair");
    assertThat(own.serviceType()).isEqualTo("NodePort");
    assertThat(own.secret()).isEqualTo("db-secret");
    assertThat(own.users())
        .containsEntry("admin", "boss")
        .containsEntry("replication", "replication");
    assertThat(own.units().getFirst().host()).isEqualTo("db-0.db-headless-svc.demo.svc");
    assertThat(own.units()).hasSize(3);
    assertThat(world.unit(0).getSpec().mode()).isEqualTo("pair");
    world.settle();
    world.step();
    assertThat(condition(world, "Ready").getReason()).isEqualTo("TopologyForming");

    world.topology = Optional.of(new TopologyState(false, "db-1 lags", "db-0"));
    world.step();
    assertThat(condition(world, "Ready").getMessage()).isEqualTo("db-1 lags");
    world.edit().step();
    assertThat(world.topologyStep).isInstanceOf(TopologyStep.Disown.class);
  }

  @Test
  void refusesToShrinkAVolume() {
    var world = new SetWorld();
    world.run();

    SetDecision decision = world.edit("spec/storages/0/size=5Gi").step();

    assertThat(decision.problems())
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.allowed()).contains("at least 10Gi", "can't shrink"));
  }

  @Test
  void pinsUnitsToNodesTogetherWithThePreset() {
    var world =
        new SetWorld(
            "spec/nodeAffinityPreset=[{key: disk, values: [ssd]}]",
            "spec/podAntiAffinityPreset=hard",
            "metadata/annotations={'upm.io/node-name-map': '{\"db-1\":\"node-b\"}'}");
    world.step();

    var affinity = world.unit(1).getSpec().template().spec().getAffinity();
    var terms =
        affinity
            .getNodeAffinity()
            .getRequiredDuringSchedulingIgnoredDuringExecution()
            .getNodeSelectorTerms();
    assertThat(terms).as("terms are alternatives").hasSize(1);
    assertThat(terms.getFirst().getMatchExpressions())
        .extracting(requirement -> requirement.getKey() + requirement.getValues())
        .containsExactly("disk[ssd]", "kubernetes.io/hostname[node-b]");
    assertThat(affinity.getPodAntiAffinity().getRequiredDuringSchedulingIgnoredDuringExecution())
        .hasSize(1);
  }

  @Test
  void preferesDifferentNodesWhenThePresetIsSoft() {
    var world = new SetWorld("spec/podAntiAffinityPreset=soft");
    world.step();

    var apart = world.unit(0).getSpec().template().spec().getAffinity().getPodAntiAffinity();
    assertThat(apart.getRequiredDuringSchedulingIgnoredDuringExecution()).isEmpty();
    assertThat(apart.getPreferredDuringSchedulingIgnoredDuringExecution()).hasSize(1);
  }

  @Test
  void addsAnEditionToTheImagesVersion() {
    var world = new SetWorld("spec/edition=enterprise");
    world.step();

    assertThat(image(world.unit(0))).isEqualTo("acme:1.2.3-enterprise");
  }

  @Test
  void leavesTheDefaultStorageClassToKubernetes() {
    var world = new SetWorld("spec/storages/0/storageClassName=");
    world.step();

    assertThat(
            world.unit(0).getSpec().volumeClaimTemplates().getFirst().spec().getStorageClassName())
        .isNull();
  }

  private static Condition condition(SetWorld world, String type) {
    return Conditions.find(world.set.getStatus().conditions(), type).orElseThrow();
  }

  private static String image(Unit unit) {
    return unit.getSpec().template().spec().getContainers().getFirst().getImage();
  }
}
