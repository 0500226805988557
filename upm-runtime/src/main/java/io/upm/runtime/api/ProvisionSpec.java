package io.upm.runtime.api;

import org.jspecify.annotations.Nullable;

/** What all kinds have in common that declare something inside an engine. */
public sealed interface ProvisionSpec permits DatabaseSpec, DatabaseUserSpec {
  /** Name of the UnitSet, in the same namespace. */
  String unitSet();

  /** Name in the engine; that of the object when not given. */
  @Nullable String name();

  /** {@link DeletionPolicy#RETAIN} when not given. */
  @Nullable DeletionPolicy deletionPolicy();

  /** Whether it is to be dropped with its object. */
  default boolean dropped() {
    return deletionPolicy() == DeletionPolicy.DELETE;
  }
}
