package io.upm.runtime.unitset;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.upm.runtime.api.CertificateSecretSpec;
import io.upm.runtime.api.ClaimRetentionSpec;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.PodTemplate;
import io.upm.runtime.api.StorageSpec;
import io.upm.runtime.api.TopologySpec;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSetSpec;
import io.upm.runtime.api.UnitSpec;
import io.upm.runtime.api.UpdateStrategySpec;
import io.upm.runtime.api.VolumeClaimTemplate;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.unit.UnitLabels;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The Units of a set. Pure. */
public final class UnitObjects {
  private UnitObjects() {}

  /**
   * How a Unit is to be written.
   *
   * @param ordinal its number
   * @param count units that the set is to have
   * @param live the Unit as it is; null when there is none
   * @param update whether it gets the template that the spec asks for now; a Unit that isn't there
   *     gets it anyway
   * @param condemned whether it is about to be removed
   */
  record Wish(int ordinal, int count, @Nullable Unit live, boolean update, boolean condemned) {}

  /** The Unit as a new one of that ordinal would be. */
  public static Unit fresh(SetPlan plan, int ordinal) {
    return unit(plan, new Wish(ordinal, plan.spec().units(), null, true, false));
  }

  static Unit unit(SetPlan plan, Wish wish) {
    String name = Names.unit(plan.name(), wish.ordinal());
    String hash = plan.inputsHash(name);
    Unit live = wish.live();
    boolean sameInputs =
        live != null
            && hash.equals(inputs(live))
            && !(wish.update() && ParameterRestart.isDue(plan, live));
    Unit keeps = sameInputs || !wish.update() ? live : null;
    Unit older = sameInputs ? null : keeps;
    var unit = new Unit();
    unit.setMetadata(metadata(plan, wish, name, keeps, hash));
    PodTemplate template =
        keeps == null ? Templates.template(plan, name) : keeps.getSpec().template();
    unit.setSpec(
        new UnitSpec(
            true,
            null,
            null,
            null,
            null,
            mode(plan),
            parameters(plan, older),
            template,
            claims(plan),
            update(plan, wish),
            retention(plan, wish),
            null,
            null,
            plan.spec().restoreFrom()));
    return unit;
  }

  /** Hash of what a Unit's template was made from. */
  static String inputs(Unit unit) {
    return annotation(unit, Names.ANNOTATION_INPUTS);
  }

  /** Engine version of a Unit's template. */
  static String version(Unit unit) {
    return annotation(unit, Names.ANNOTATION_ENGINE_VERSION);
  }

  private static String annotation(Unit unit, String key) {
    Map<String, String> annotations = unit.getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(key, "");
  }

  /**
   * Labels and annotations.
   *
   * @param keeps the live Unit when it keeps its template, so that what is said about the template
   *     stays; else null
   */
  private static ObjectMeta metadata(
      SetPlan plan, Wish wish, String name, @Nullable Unit keeps, String hash) {
    ObjectMeta set = plan.set().getMetadata();
    var labels = new TreeMap<String, String>();
    if (set.getLabels() != null) {
      labels.putAll(set.getLabels());
    }
    labels.put(Names.LABEL_SET, plan.name());
    labels.put(Names.LABEL_UNIT, name);
    labels.put(Names.LABEL_ORDINAL, Integer.toString(wish.ordinal()));
    labels.put(Names.LABEL_COUNT, Integer.toString(wish.count()));
    SortedMap<String, String> annotations = UnitLabels.inheritable(set.getAnnotations());
    annotations.put(Names.ANNOTATION_ENGINE, plan.spec().type());
    annotations.put(
        Names.ANNOTATION_ENGINE_VERSION,
        keeps == null ? plan.version().toString() : version(keeps));
    annotations.put(Names.ANNOTATION_INPUTS, keeps == null ? hash : inputs(keeps));
    String startedWith =
        keeps == null
            ? ParameterRestart.record(plan)
            : annotation(keeps, Names.ANNOTATION_PARAMETERS);
    if (!startedWith.isEmpty() && !startedWith.equals("{}")) {
      annotations.put(Names.ANNOTATION_PARAMETERS, startedWith);
    }
    List<String> organizations = organizations(plan.spec());
    if (!organizations.isEmpty()) {
      annotations.put(
          Names.ANNOTATION_CERTIFICATE_ORGANIZATION, Canonical.tree(organizations).toString());
    }
    if (!plan.spec().pluginVersion().isEmpty()) {
      annotations.put(Names.ANNOTATION_PLUGIN_VERSION, plan.spec().pluginVersion());
    }
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(plan.namespace())
        .withLabels(labels)
        .withAnnotations(annotations)
        .withOwnerReferences(Owners.controller(plan.set()))
        .build();
  }

  private static List<String> organizations(UnitSetSpec spec) {
    if (spec.certificateProfile() != null) {
      return spec.certificateProfile().organizations();
    }
    CertificateSecretSpec secret = spec.certificateSecret();
    return secret == null || secret.organization() == null
        ? List.of()
        : List.of(secret.organization());
  }

  private static @Nullable String mode(SetPlan plan) {
    TopologySpec topology = plan.spec().topology();
    return topology == null ? null : topology.mode();
  }

  /** A Unit of an older version keeps its parameters: they were checked against that version. */
  private static Map<String, JsonNode> parameters(SetPlan plan, @Nullable Unit older) {
    return older == null || version(older).equals(plan.version().toString())
        ? plan.spec().parameters()
        : older.getSpec().parameters();
  }

  private static List<VolumeClaimTemplate> claims(SetPlan plan) {
    return plan.spec().storages().stream().map(UnitObjects::claim).toList();
  }

  private static VolumeClaimTemplate claim(StorageSpec storage) {
    return new VolumeClaimTemplate(
        new VolumeClaimTemplate.ClaimMetadata(storage.name(), Map.of(), Map.of()),
        new PersistentVolumeClaimSpecBuilder()
            .withAccessModes("ReadWriteOnce")
            .withStorageClassName(storage.storageClassName())
            .withNewResources()
            .addToRequests("storage", new Quantity(storage.size()))
            .endResources()
            .build());
  }

  /**
   * A Unit whose Pod still has an older template because of OnDelete keeps that policy until it is
   * its turn, or a change of strategy would replace all Pods at once.
   */
  private static UnitSpec.PodUpdate update(SetPlan plan, Wish wish) {
    if (UpdateStrategySpec.orDefault(plan.spec().updateStrategy()).onDelete()) {
      return UnitSpec.PodUpdate.ON_DELETE;
    }
    return wish.live() != null && !wish.update() && !wish.live().getSpec().replacesPod()
        ? UnitSpec.PodUpdate.ON_DELETE
        : UnitSpec.PodUpdate.AUTOMATIC;
  }

  private static UnitSpec.ClaimOwner retention(SetPlan plan, Wish wish) {
    var policy = ClaimRetentionSpec.orDefault(plan.spec().persistentVolumeClaimRetentionPolicy());
    if (wish.condemned() && policy.deletesWhenScaled()) {
      return UnitSpec.ClaimOwner.UNIT;
    }
    return policy.deletesWithSet() ? UnitSpec.ClaimOwner.UNIT_SET : UnitSpec.ClaimOwner.RETAIN;
  }
}
