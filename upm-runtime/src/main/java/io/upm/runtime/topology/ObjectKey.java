package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** A topology object of one kind by namespace and name. */
record ObjectKey(String namespace, String name) {
  static ObjectKey of(HasMetadata object) {
    return new ObjectKey(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
