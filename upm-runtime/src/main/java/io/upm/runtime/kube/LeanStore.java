package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an informer keeps of its objects: all but who owns which fields of their status, which
 * nobody asks for. The kubelet writes most of a Pod's, and it is a map for each field of each
 * object.
 */
public final class LeanStore<T extends HasMetadata> extends BasicItemStore<T> {
  private static final String STATUS = "status";

  private LeanStore() {
    super(Cache::metaNamespaceKeyFunc);
  }

  /**
   * The store for a kind that is watched in these namespaces, none standing for all of them; null,
   * for one that keeps everything, where they are several. Each of those has an informer of its
   * own, JOSDK gives all of them the same store, and each would drop from it what isn't its own.
   */
  public static <T extends HasMetadata> @Nullable LeanStore<T> of(Set<String> namespaces) {
    return namespaces.size() > 1 ? null : new LeanStore<>();
  }

  @Override
  public @Nullable T put(String key, T item) {
    List<ManagedFieldsEntry> fields = item.getMetadata().getManagedFields();
    item.getMetadata()
        .setManagedFields(
            fields.stream().filter(entry -> !STATUS.equals(entry.getSubresource())).toList());
    return super.put(key, item);
  }
}
