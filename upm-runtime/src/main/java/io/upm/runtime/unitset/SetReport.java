package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.StorageSpec;
import io.upm.runtime.api.SyncState;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSetSpec;
import io.upm.runtime.api.UnitSetStatus;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.unit.EngineContainer;
import io.upm.runtime.unit.UnitLabels;
import io.upm.runtime.validation.ResourceRules;
import io.upm.runtime.validation.Sizes;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status of a UnitSet. Pure. */
final class SetReport {
  private final SetView view;
  private final SetDecision decision;
  private final UnitSetSpec spec;

  private SetReport(SetView view, SetDecision decision) {
    this.view = view;
    this.decision = decision;
    this.spec = view.set().getSpec();
  }

  /**
   * What is told about a UnitSet.
   *
   * @param failures what could not be done, one sentence each
   */
  static UnitSetStatus status(SetView view, SetDecision decision, List<String> failures) {
    return new SetReport(view, decision).status(failures);
  }

  private UnitSetStatus status(List<String> failures) {
    ObjectMeta metadata = view.set().getMetadata();
    UnitSetStatus last = view.set().getStatus();
    String name = metadata.getName();
    return new UnitSetStatus(
        metadata.getGeneration(),
        view.units().size(),
        (int) view.units().stream().filter(UnitState::isReady).count(),
        inUpdate(),
        sync(this::hasClaims),
        sync(unit -> UnitObjects.version(unit).equals(spec.version())),
        sync(this::hasResources),
        Names.LABEL_SET + "=" + name,
        has(Names.service(name)) ? new UnitSetStatus.ExternalService(Names.service(name)) : null,
        unitServices(),
        Conditions.merge(
            last == null ? null : last.conditions(),
            new SetConditions(view, decision).wanted(failures),
            metadata.getGeneration(),
            view.now()));
  }

  /** Units that get a new template now, and those that got one and aren't ready with it yet. */
  private String inUpdate() {
    String names =
        view.units().stream()
            .filter(unit -> rolling(unit))
            .map(unit -> unit.getMetadata().getName())
            .collect(Collectors.joining(","));
    return names.isEmpty() ? "false" : names;
  }

  private boolean rolling(Unit unit) {
    boolean chosen = decision.roll().now().contains(UnitLabels.ordinal(unit));
    boolean replacing =
        unit.getStatus() != null && !UnitState.isUpdated(unit) && unit.getSpec().replacesPod();
    return chosen || (replacing && hadPod(unit));
  }

  /** A unit without a node never had a Pod: it is being made, not changed. */
  private static boolean hadPod(Unit unit) {
    return unit.getStatus().nodeName() != null;
  }

  private SyncState sync(Predicate<Unit> synced) {
    if (view.units().size() >= spec.units()
        && view.units().stream().allMatch(unit -> synced.test(unit) && upToDate(unit))) {
      return SyncState.SYNCED;
    }
    boolean halted = !decision.standstill().isEmpty() || !decision.problems().isEmpty();
    return halted ? SyncState.NOT_SYNCED : SyncState.SYNCING;
  }

  private static boolean upToDate(Unit unit) {
    return UnitState.isUpdated(unit) || unit.getStatus() == null;
  }

  private boolean hasClaims(Unit unit) {
    Map<String, UnitStatus.ClaimStatus> claims =
        unit.getStatus() == null
            ? Map.of()
            : unit.getStatus().persistentVolumeClaim().stream()
                .collect(Collectors.toMap(UnitStatus.ClaimStatus::name, claim -> claim));
    return spec.storages().stream()
        .allMatch(storage ->
            holds(claims.get(Names.claim(unit.getMetadata().getName(), storage.name())), storage));
  }

  private static boolean holds(UnitStatus.@Nullable ClaimStatus claim, StorageSpec storage) {
    if (claim == null || !"Bound".equals(claim.phase()) || claim.capacity() == null) {
      return false;
    }
    Optional<BigDecimal> present = Sizes.parse(Sizes.text(claim.capacity().storage()));
    Optional<BigDecimal> wanted = Sizes.parse(storage.size());
    return present.isPresent() && wanted.isPresent() && present.get().compareTo(wanted.get()) >= 0;
  }

  private boolean hasResources(Unit unit) {
    ResourceRequirements resources =
        EngineContainer.of(unit).map(engine -> engine.container().getResources()).orElse(null);
    Map<String, Quantity> limits = resources == null ? null : resources.getLimits();
    Map<String, Quantity> requests = resources == null ? null : resources.getRequests();
    return same(limits, spec.resources() == null ? Map.of() : spec.resources().limits())
        && same(requests, spec.resources() == null ? Map.of() : spec.resources().requests());
  }

  private static boolean same(
      @Nullable Map<String, Quantity> actual, Map<String, Quantity> wanted) {
    return ResourceRules.amounts(actual == null ? Map.of() : actual)
        .equals(ResourceRules.amounts(wanted));
  }

  private UnitSetStatus.@Nullable UnitServices unitServices() {
    if (spec.unitService() == null) {
      return null;
    }
    var names = new TreeMap<String, String>();
    view.units().stream()
        .map(unit -> unit.getMetadata().getName())
        .filter(unit -> has(Names.service(unit)))
        .forEach(unit -> names.put(unit, Names.service(unit)));
    return names.isEmpty() ? null : new UnitSetStatus.UnitServices(names);
  }

  private boolean has(String service) {
    return view.services().stream().anyMatch(one -> service.equals(one.getMetadata().getName()));
  }
}
