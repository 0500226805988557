package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpec;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.VolumeClaimTemplate;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.validation.Sizes;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Volume claims of a Unit. Pure. */
final class ClaimObjects {
  private static final String STORAGE = "storage";

  private ClaimObjects() {}

  /**
   * The claims as they should be.
   *
   * @param live claims that are there, by name
   */
  static List<PersistentVolumeClaim> claims(Unit unit, Map<String, PersistentVolumeClaim> live) {
    return unit.getSpec().volumeClaimTemplates().stream()
        .map(template -> claim(unit, template, live.get(name(unit, template))))
        .toList();
  }

  static String name(Unit unit, VolumeClaimTemplate template) {
    return Names.claim(unit.getMetadata().getName(), template.metadata().name());
  }

  private static PersistentVolumeClaim claim(
      Unit unit, VolumeClaimTemplate template, @Nullable PersistentVolumeClaim live) {
    var labels = new TreeMap<String, String>(template.metadata().labels());
    labels.putAll(UnitLabels.inherited(unit));
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(name(unit, template))
        .withNamespace(unit.getMetadata().getNamespace())
        .withLabels(labels)
        .withAnnotations(new TreeMap<>(template.metadata().annotations()))
        .withOwnerReferences(owners(unit))
        .endMetadata()
        .withSpec(live == null ? template.spec() : grown(template.spec(), live.getSpec()))
        .build();
  }

  /** Nobody, unless the claims are to be deleted with somebody: the garbage collector does it. */
  private static List<OwnerReference> owners(Unit unit) {
    return switch (unit.getSpec().claimOwner()) {
      case RETAIN -> List.of();
      case UNIT -> List.of(Owners.reference(unit));
      case UNIT_SET ->
          Owners.controllerOf(unit)
              .map(set -> set.edit().withController(null).withBlockOwnerDeletion(null).build())
              .stream()
              .toList();
    };
  }

  /** A claim that somebody made larger by hand stays so; what can't change is what is there. */
  private static PersistentVolumeClaimSpec grown(
      PersistentVolumeClaimSpec template, PersistentVolumeClaimSpec live) {
    Quantity size = request(template);
    Quantity present = request(live);
    if (size == null || present == null || bytes(present).compareTo(bytes(size)) <= 0) {
      return template;
    }
    return new PersistentVolumeClaimSpecBuilder(template)
        .editResources()
        .addToRequests(STORAGE, present)
        .endResources()
        .build();
  }

  private static @Nullable Quantity request(PersistentVolumeClaimSpec spec) {
    return spec.getResources() == null || spec.getResources().getRequests() == null
        ? null
        : spec.getResources().getRequests().get(STORAGE);
  }

  private static BigDecimal bytes(Quantity quantity) {
    return Sizes.parse(Sizes.text(quantity)).orElse(BigDecimal.ZERO);
  }
}
