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
import java.util.Optional;
import java.util.Set;
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
   * @param fixed names of those that can't grow, and stay as they are
   */
  static List<PersistentVolumeClaim> claims(
      Unit unit, Map<String, PersistentVolumeClaim> live, Set<String> fixed) {
    return unit.getSpec().volumeClaimTemplates().stream()
        .map(template -> {
          String name = name(unit, template);
          return claim(unit, template, live.get(name), fixed.contains(name));
        })
        .toList();
  }

  /** Claims that are asked to be larger than they are, by name. */
  static Map<String, PersistentVolumeClaim> growing(
      Unit unit, Map<String, PersistentVolumeClaim> live) {
    var growing = new TreeMap<String, PersistentVolumeClaim>();
    for (VolumeClaimTemplate template : unit.getSpec().volumeClaimTemplates()) {
      PersistentVolumeClaim claim = live.get(name(unit, template));
      if (claim != null && grows(template.spec(), claim.getSpec())) {
        growing.put(claim.getMetadata().getName(), claim);
      }
    }
    return growing;
  }

  /** Which bound claim holds less than it is asked to, and what for; empty when none does. */
  static Optional<String> lacking(Unit unit, Map<String, PersistentVolumeClaim> live) {
    return unit.getSpec().volumeClaimTemplates().stream()
        .flatMap(template ->
            Optional.ofNullable(live.get(name(unit, template)))
                .flatMap(claim -> lacking(template, claim))
                .stream())
        .findFirst();
  }

  private static Optional<String> lacking(
      VolumeClaimTemplate template, PersistentVolumeClaim claim) {
    Quantity size = request(template.spec());
    Quantity capacity = capacity(claim);
    if (size == null || capacity == null || bytes(capacity).compareTo(bytes(size)) >= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "claim %s holds %s and grows to %s%s"
            .formatted(
                claim.getMetadata().getName(),
                Sizes.text(capacity),
                Sizes.text(size),
                told(claim)));
  }

  private static @Nullable Quantity capacity(PersistentVolumeClaim claim) {
    return claim.getStatus() == null || claim.getStatus().getCapacity() == null
        ? null
        : claim.getStatus().getCapacity().get(STORAGE);
  }

  /** What the one who makes it grow says. */
  private static String told(PersistentVolumeClaim claim) {
    return claim.getStatus().getConditions().stream()
        .filter(condition -> "True".equals(condition.getStatus()))
        .map(condition ->
            ": "
                + condition.getType()
                + (condition.getMessage() == null ? "" : ", " + condition.getMessage()))
        .findFirst()
        .orElse("");
  }

  static String name(Unit unit, VolumeClaimTemplate template) {
    return Names.claim(unit.getMetadata().getName(), template.metadata().name());
  }

  private static PersistentVolumeClaim claim(
      Unit unit,
      VolumeClaimTemplate template,
      @Nullable PersistentVolumeClaim live,
      boolean fixed) {
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
        .withSpec(live == null ? template.spec() : grown(template.spec(), live.getSpec(), fixed))
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
      PersistentVolumeClaimSpec template, PersistentVolumeClaimSpec live, boolean fixed) {
    Quantity present = request(live);
    if (request(template) == null || present == null || (grows(template, live) && !fixed)) {
      return template;
    }
    return new PersistentVolumeClaimSpecBuilder(template)
        .editResources()
        .addToRequests(STORAGE, present)
        .endResources()
        .build();
  }

  private static boolean grows(PersistentVolumeClaimSpec template, PersistentVolumeClaimSpec live) {
    Quantity size = request(template);
    Quantity present = request(live);
    return size != null && present != null && bytes(present).compareTo(bytes(size)) < 0;
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
