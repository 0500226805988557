package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** An object of the wanted name is there, and belongs to somebody else: it is left alone. */
public final class ForeignObjectException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ForeignObjectException(HasMetadata object) {
    super(
        "%s \"%s\" is there already and was not made for this object: rename or delete it"
            .formatted(object.getKind(), object.getMetadata().getName()));
  }
}
