package io.upm.runtime.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** Reads definitions, so that they can be compared. */
public final class Definitions {
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private Definitions() {}

  /**
   * A definition out of a plugin.
   *
   * @throws IllegalArgumentException when the text is none
   */
  public static CustomResourceDefinition read(String yaml) {
    CustomResourceDefinition definition;
    try {
      definition = SERIALIZATION.unmarshal(yaml, CustomResourceDefinition.class);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("it isn't a CustomResourceDefinition", e);
    }
    if (definition == null
        || definition.getMetadata() == null
        || definition.getMetadata().getName() == null
        || definition.getSpec() == null) {
      throw new IllegalArgumentException("it isn't a CustomResourceDefinition");
    }
    return definition;
  }

  /** As {@link Narrowing} wants it. */
  public static JsonNode tree(CustomResourceDefinition definition) {
    return SERIALIZATION.convertValue(definition, JsonNode.class);
  }
}
