package io.upm.runtime.topology;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.upm.runtime.api.Names;

/** How objects of a topology's kind are addressed. */
final class TopologyKind {
  static final String VERSION = "v1alpha1";
  static final String API_VERSION = Names.GROUP + "/" + VERSION;

  private TopologyKind() {}

  static ResourceDefinitionContext context(ManagedTopology.Kind kind) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(Names.GROUP)
        .withVersion(VERSION)
        .withKind(kind.name())
        .withPlural(kind.plural())
        .withNamespaced(true)
        .build();
  }

  /** Name of the kind's custom resource definition. */
  static String definition(ManagedTopology.Kind kind) {
    return kind.plural() + "." + Names.GROUP;
  }
}
