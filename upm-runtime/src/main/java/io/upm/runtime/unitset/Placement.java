package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.UnitSetSpec.AntiAffinity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** On which nodes the units of a set run. Pure. */
final class Placement {
  private static final String HOST = "kubernetes.io/hostname";

  private Placement() {}

  static @Nullable Affinity affinity(SetPlan plan, String unit) {
    List<NodeSelectorRequirement> requirements = requirements(plan, unit);
    AntiAffinity preset = plan.spec().podAntiAffinityPreset();
    if (requirements.isEmpty() && preset == null) {
      return null;
    }
    var affinity = new AffinityBuilder();
    if (!requirements.isEmpty()) {
      // One term: its requirements hold together. Several terms would be alternatives.
      affinity
          .withNewNodeAffinity()
          .withNewRequiredDuringSchedulingIgnoredDuringExecution()
          .addNewNodeSelectorTerm()
          .withMatchExpressions(requirements)
          .endNodeSelectorTerm()
          .endRequiredDuringSchedulingIgnoredDuringExecution()
          .endNodeAffinity();
    }
    if (preset == AntiAffinity.HARD) {
      affinity
          .withNewPodAntiAffinity()
          .withRequiredDuringSchedulingIgnoredDuringExecution(apart(plan))
          .endPodAntiAffinity();
    } else if (preset == AntiAffinity.SOFT) {
      affinity
          .withNewPodAntiAffinity()
          .addNewPreferredDuringSchedulingIgnoredDuringExecution()
          .withWeight(100)
          .withPodAffinityTerm(apart(plan))
          .endPreferredDuringSchedulingIgnoredDuringExecution()
          .endPodAntiAffinity();
    }
    return affinity.build();
  }

  /** Constraints that count no other Pods by themselves count those of the set. */
  static List<TopologySpreadConstraint> spread(SetPlan plan) {
    return plan.spec().topologySpreadConstraints().stream()
        .map(constraint ->
            new TopologySpreadConstraintBuilder()
                .withMaxSkew(constraint.maxSkew())
                .withTopologyKey(constraint.topologyKey())
                .withWhenUnsatisfiable(
                    constraint.whenUnsatisfiable() == null
                        ? null
                        : constraint.whenUnsatisfiable().text())
                .withMinDomains(constraint.minDomains())
                .withLabelSelector(
                    constraint.labelSelector() == null ? ours(plan) : constraint.labelSelector())
                .build())
        .toList();
  }

  private static List<NodeSelectorRequirement> requirements(SetPlan plan, String unit) {
    var requirements = new ArrayList<NodeSelectorRequirement>();
    plan.spec()
        .nodeAffinityPreset()
        .forEach(preset -> requirements.add(in(preset.key(), preset.values())));
    String node = plan.node(unit);
    if (node != null) {
      requirements.add(in(HOST, List.of(node)));
    }
    return requirements;
  }

  private static NodeSelectorRequirement in(String key, List<String> values) {
    return new NodeSelectorRequirementBuilder()
        .withKey(key)
        .withOperator("In")
        .withValues(values)
        .build();
  }

  private static PodAffinityTerm apart(SetPlan plan) {
    return new PodAffinityTermBuilder().withLabelSelector(ours(plan)).withTopologyKey(HOST).build();
  }

  private static LabelSelector ours(SetPlan plan) {
    return new LabelSelectorBuilder().addToMatchLabels(Names.LABEL_SET, plan.name()).build();
  }
}
