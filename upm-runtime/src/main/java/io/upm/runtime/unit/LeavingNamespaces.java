package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.api.Names;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Namespaces that are being deleted with Units in them. Kubernetes finds out how long the Pods may
 * take to end and looks at the namespace again only after half of that, however soon they did; but
 * it also does a moment after the Namespace was changed. So it is changed when the last Pod is
 * gone. Whoever stops slowly has all the time that it had.
 */
final class LeavingNamespaces {
  private static final Logger LOG = LoggerFactory.getLogger(LeavingNamespaces.class);

  /** The same whoever says it and however often, so that it is one change. */
  private static final String UNITS_GONE =
      "{\"metadata\":{\"annotations\":{\"%s\":\"true\"}}}".formatted(Names.ANNOTATION_UNITS_GONE);

  private static final PatchContext PATCH =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(DecideUnit.FIELD_MANAGER)
          .build();

  private final KubernetesClient client;

  LeavingNamespaces(KubernetesClient client) {
    this.client = client;
  }

  /** To be called when no Unit has a Pod in a namespace any more. Returns at once. */
  void emptied(String namespace) {
    Thread.ofVirtual().name("emptied-" + namespace).start(() -> tell(namespace));
  }

  private void tell(String name) {
    Resource<Namespace> namespace = client.namespaces().withName(name);
    try {
      Namespace live = namespace.get();
      if (live != null && live.getMetadata().getDeletionTimestamp() != null) {
        LOG.info("namespace {} is being deleted, and the last Pod of a Unit in it is gone", name);
        namespace.patch(PATCH, UNITS_GONE);
      }
    } catch (KubernetesClientException e) {
      // Nothing depends on it: the namespace goes anyway, only later.
      LOG.info("namespace {} can't be told that its Units are gone: {}", name, e.getMessage());
    }
  }
}
