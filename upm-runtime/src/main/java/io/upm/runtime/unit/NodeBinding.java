package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeAffinityBuilder;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps a Pod on one node, through the scheduler, so that a full or cordoned node is seen. */
final class NodeBinding {
  private static final String FIELD = "metadata.name";

  private NodeBinding() {}

  /** The node that a Pod was bound to. */
  static Optional<String> node(Pod pod) {
    return Optional.ofNullable(pod.getSpec())
        .map(PodSpec::getAffinity)
        .map(Affinity::getNodeAffinity)
        .map(NodeAffinity::getRequiredDuringSchedulingIgnoredDuringExecution)
        .map(NodeSelector::getNodeSelectorTerms)
        .flatMap(terms ->
            terms.stream()
                .flatMap(term -> term.getMatchFields().stream())
                .filter(field -> FIELD.equals(field.getKey()))
                .flatMap(field -> field.getValues().stream())
                .findFirst());
  }

  static Affinity affinity(@Nullable Affinity template, String node) {
    NodeSelectorRequirement requirement =
        new NodeSelectorRequirementBuilder()
            .withKey(FIELD)
            .withOperator("In")
            .withValues(node)
            .build();
    NodeAffinity given = template == null ? null : template.getNodeAffinity();
    NodeSelector required =
        given == null ? null : given.getRequiredDuringSchedulingIgnoredDuringExecution();
    // Terms are alternatives, so each of them gets the requirement.
    List<NodeSelectorTerm> terms =
        required == null || required.getNodeSelectorTerms().isEmpty()
            ? List.of(new NodeSelectorTerm())
            : required.getNodeSelectorTerms();
    NodeAffinityBuilder affinity =
        given == null ? new NodeAffinityBuilder() : new NodeAffinityBuilder(given);
    return (template == null ? new AffinityBuilder() : new AffinityBuilder(template))
        .withNodeAffinity(
            affinity
                .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                .withNodeSelectorTerms(
                    terms.stream()
                        .map(term ->
                            new NodeSelectorTermBuilder(term).addToMatchFields(requirement).build())
                        .toList())
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .build())
        .build();
  }
}
