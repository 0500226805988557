package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.upm.runtime.api.Unit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The cluster's nodes; a change of one has the Units looked at that run on it. */
final class Nodes {
  private static final String BY_NODE = "node";

  private final InformerEventSource<Node, Unit> source;

  Nodes(EventSourceContext<Unit> context) {
    IndexerResourceCache<Unit> units = context.getPrimaryCache();
    units.addIndexer(BY_NODE, Nodes::nodeOf);
    source =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Node.class, Unit.class)
                .withWatchAllNamespaces()
                .withItemStore(new Reduced())
                .withOnUpdateFilter((now, before) -> !state(now).equals(state(before)))
                .withSecondaryToPrimaryMapper(node -> unitsOn(units, node))
                .build(),
            context);
  }

  InformerEventSource<Node, Unit> source() {
    return source;
  }

  NodeState get(String name) {
    return NodeState.of(name, source.get(new ResourceID(name)));
  }

  private static NodeState state(Node node) {
    return NodeState.of(node.getMetadata().getName(), Optional.of(node));
  }

  private static List<String> nodeOf(Unit unit) {
    String node = unit.getStatus() == null ? null : unit.getStatus().nodeName();
    return node == null ? List.of() : List.of(node);
  }

  private static Set<ResourceID> unitsOn(IndexerResourceCache<Unit> units, Node node) {
    return units.byIndex(BY_NODE, node.getMetadata().getName()).stream()
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  /** Keeps of each node what is asked for: a node lists every image that it holds. */
  private static final class Reduced extends BasicItemStore<Node> {
    Reduced() {
      super(Cache::metaNamespaceKeyFunc);
    }

    @Override
    public @Nullable Node put(String key, Node node) {
      return super.put(
          key,
          new NodeBuilder()
              .withNewMetadata()
              .withName(node.getMetadata().getName())
              .withUid(node.getMetadata().getUid())
              .withResourceVersion(node.getMetadata().getResourceVersion())
              .endMetadata()
              .withNewSpec()
              .withTaints(node.getSpec() == null ? List.of() : node.getSpec().getTaints())
              .endSpec()
              .withNewStatus()
              .withConditions(
                  node.getStatus() == null ? List.of() : node.getStatus().getConditions())
              .endStatus()
              .build());
    }
  }
}
