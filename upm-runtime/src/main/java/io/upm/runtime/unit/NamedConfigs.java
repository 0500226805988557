package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ConfigMaps that users wrote; a change of one has the Units looked at that name it. Only their
 * names are kept: what they hold is read when a Unit is looked at.
 */
final class NamedConfigs {
  private static final String BY_CONFIG = "config";

  private NamedConfigs() {}

  static InformerEventSource<ConfigMap, Unit> source(EventSourceContext<Unit> context) {
    IndexerResourceCache<Unit> units = context.getPrimaryCache();
    units.addIndexer(BY_CONFIG, NamedConfigs::named);
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(ConfigMap.class, Unit.class)
            .withName("configs-of-users")
            .withLabelSelector("!" + Names.LABEL_UNIT)
            .withItemStore(new NamesOnly())
            .withSecondaryToPrimaryMapper(config -> naming(units, config))
            .build(),
        context);
  }

  private static List<String> named(Unit unit) {
    if (unit.getSpec() == null) {
      return List.of();
    }
    String namespace = unit.getMetadata().getNamespace();
    return Stream.of(
            unit.getSpec().sharedConfigName(),
            unit.getSpec().configTemplateName(),
            unit.getSpec().configValueName())
        .filter(Objects::nonNull)
        .map(name -> Cache.namespaceKeyFunc(namespace, name))
        .distinct()
        .toList();
  }

  private static Set<ResourceID> naming(IndexerResourceCache<Unit> units, ConfigMap config) {
    return units.byIndex(BY_CONFIG, Cache.metaNamespaceKeyFunc(config)).stream()
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static final class NamesOnly extends BasicItemStore<ConfigMap> {
    NamesOnly() {
      super(Cache::metaNamespaceKeyFunc);
    }

    @Override
    public @Nullable ConfigMap put(String key, ConfigMap config) {
      return super.put(
          key,
          new ConfigMapBuilder()
              .withNewMetadata()
              .withName(config.getMetadata().getName())
              .withNamespace(config.getMetadata().getNamespace())
              .withUid(config.getMetadata().getUid())
              .withResourceVersion(config.getMetadata().getResourceVersion())
              .endMetadata()
              .build());
    }
  }
}
