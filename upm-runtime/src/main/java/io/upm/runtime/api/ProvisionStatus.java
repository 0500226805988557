package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.api.UnitStatus.WaitingFor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of what an object declares inside an engine. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ProvisionStatus(
    @JsonPropertyDescription("Generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Its name in the engine.") @Nullable String name,
    @JsonPropertyDescription("GrpcCall that is under way for it, or failed.") @Nullable String call,
    @JsonPropertyDescription("What the engine was given last.") @Nullable AppliedStatus applied,
    @JsonPropertyDescription(
            "Until when the engine takes the password before the present one, too; not there when it"
                + " takes none.")
        @Nullable String formerPasswordUntil,
    @JsonPropertyDescription("What it waits for.") @Nullable WaitingFor waitingFor,
    @JsonPropertyDescription("Ready: the engine has it as it is declared.")
        List<Condition> conditions) {

  /** What an engine was given. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record AppliedStatus(
      @JsonPropertyDescription("Hash of what was declared.") String hash,
      @JsonPropertyDescription("Unit that took it.") String unit,
      @JsonPropertyDescription("When.") String time,
      @JsonPropertyDescription("Version of the plugin that did it.") @Nullable String plugin,
      @JsonPropertyDescription("Version of the Secret that the password is from.")
          @Nullable String secretVersion,
      @JsonPropertyDescription("One sentence about what was done.") String message,
      @JsonPropertyDescription("What the engine has, as its plugin tells it, by name.")
          Map<String, String> values) {
    public AppliedStatus {
      values = Lists.copy(values);
    }
  }

  public ProvisionStatus {
    conditions = Lists.copy(conditions);
  }
}
