package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.upm.runtime.addon.AddOnKind;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is to be done about objects that other products work on. Pure.
 *
 * @param wanted objects as they should be, of kinds that are there
 * @param surplus objects that go
 * @param missing kinds that the spec needs and that are not there
 */
public record AddOnDecision(
    List<GenericKubernetesResource> wanted,
    List<GenericKubernetesResource> surplus,
    List<AddOnKind> missing) {
  static final AddOnDecision NOTHING = new AddOnDecision(List.of(), List.of(), List.of());

  /**
   * What is known of them.
   *
   * @param available kinds that are there
   * @param objects objects that the set controls
   */
  public record View(Set<AddOnKind> available, List<GenericKubernetesResource> objects) {
    /** What somebody knows who only looks at the units. */
    public static final View NONE = new View(Set.of(), List.of());
  }

  /**
   * Decides.
   *
   * @param units units that the set is to have, by name
   */
  static AddOnDecision decide(SetPlan plan, List<String> units, View view) {
    List<AddOnKind> missing =
        AddOnObjects.needed(plan).stream()
            .filter(kind -> !view.available().contains(kind))
            .toList();
    Set<String> missingKinds = missing.stream().map(AddOnKind::kind).collect(Collectors.toSet());
    List<GenericKubernetesResource> all = AddOnObjects.objects(plan, units);
    Set<String> names = all.stream().map(AddOnDecision::id).collect(Collectors.toSet());
    return new AddOnDecision(
        all.stream().filter(object -> !missingKinds.contains(object.getKind())).toList(),
        view.objects().stream()
            .filter(object -> !names.contains(id(object)))
            .filter(object -> object.getMetadata().getDeletionTimestamp() == null)
            .toList(),
        missing);
  }

  /** Why there are no certificates; empty when there is no reason. */
  String noCertificates() {
    return missing.contains(AddOnKind.CERTIFICATE) || missing.contains(AddOnKind.ISSUER)
        ? "spec.certificateProfile needs cert-manager, whose kinds Issuer and Certificate (%s) are"
                .formatted(AddOnKind.CERTIFICATE.apiVersion())
            + " not there: install it, or name a Secret in spec.certificateSecret; Pods wait for"
            + " their certificates meanwhile"
        : "";
  }

  /** Why nothing finds the metrics; empty when there is no reason. */
  String noMonitoring() {
    return missing.contains(AddOnKind.POD_MONITOR)
        ? "there is no kind PodMonitor (%s), so spec.podMonitor does nothing until the Prometheus"
                .formatted(AddOnKind.POD_MONITOR.apiVersion())
            + " operator is installed"
        : "";
  }

  static String id(GenericKubernetesResource object) {
    return object.getKind() + "/" + object.getMetadata().getName();
  }
}
