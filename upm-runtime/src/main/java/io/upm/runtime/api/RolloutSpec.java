package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How a version of a plugin comes to serve, and what becomes of one that fails. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RolloutSpec(
    @JsonPropertyDescription(
            "Whether a version whose calls fail within an hour after it began to serve makes room for"
                + " the one before it by itself; true when not given.")
        @Nullable Boolean automaticRollback) {

  /** Whether what fails is taken back. */
  public boolean rollsBack() {
    return !Boolean.FALSE.equals(automaticRollback);
  }
}
