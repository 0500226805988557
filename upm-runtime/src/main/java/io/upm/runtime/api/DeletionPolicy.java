package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of what an object declared when the object is deleted. */
public enum DeletionPolicy {
  /** It stays in the engine as it is. */
  @JsonProperty("Retain")
  RETAIN,
  /** It is dropped there, before the object goes. */
  @JsonProperty("Delete")
  DELETE
}
