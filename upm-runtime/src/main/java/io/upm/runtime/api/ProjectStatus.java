package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the runtime observed of a Project. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ProjectStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("The namespace.") @Nullable String namespace,
    @JsonPropertyDescription("Service account in the namespace.") @Nullable String serviceAccount,
    @JsonPropertyDescription("The key that was made for the namespace; never its value.")
        @Nullable KeyStatus key,
    @JsonPropertyDescription("Ready: everything is there.") List<Condition> conditions) {

  /** The AES key. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record KeyStatus(
      @JsonPropertyDescription("Name of the Secret that holds it.") String secretName,
      @JsonPropertyDescription(
              "Identity of the namespace that it was made for: a key that is gone is made again only"
                  + " in a new namespace.")
          String namespaceUid) {}

  public ProjectStatus {
    conditions = Lists.copy(conditions);
  }
}
