package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpec;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.upm.runtime.api.Unit;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/** The cluster's storage classes: few, and seldom changed. */
final class StorageClasses {
  private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";

  private final InformerEventSource<StorageClass, Unit> source;

  StorageClasses(EventSourceContext<Unit> context) {
    source =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(StorageClass.class, Unit.class)
                .withWatchAllNamespaces()
                .withSecondaryToPrimaryMapper(storage -> Set.of())
                .build(),
            context);
  }

  InformerEventSource<StorageClass, Unit> source() {
    return source;
  }

  /**
   * The class of a claim; empty when it has none, or one that isn't there.
   *
   * <p>A claim that names none gets the default, of several the newest, as in
   * https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass.
   */
  Optional<StorageClass> of(PersistentVolumeClaimSpec claim) {
    String name = claim.getStorageClassName();
    if (name == null) {
      return source
          .list(StorageClasses::isDefault)
          .max(Comparator.comparing(storage -> storage.getMetadata().getCreationTimestamp()));
    }
    return name.isEmpty() ? Optional.empty() : source.get(new ResourceID(name));
  }

  private static boolean isDefault(StorageClass storage) {
    return storage.getMetadata().getAnnotations() != null
        && "true".equals(storage.getMetadata().getAnnotations().get(DEFAULT));
  }
}
