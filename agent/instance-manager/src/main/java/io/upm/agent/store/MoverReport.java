package io.upm.agent.store;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the mover says, as {@code agent/mover/report.go} writes it: one of the three. */
@JsonIgnoreProperties(ignoreUnknown = true)
record MoverReport(@Nullable Long bytes, @Nullable Done done, @Nullable Failure error) {
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Done(
      MoverTask.@Nullable Sums sums,
      byte @Nullable [] content,
      @Nullable List<String> keys,
      @Nullable String head,
      @Nullable String said) {}

  record Failure(String message, boolean retryable, boolean missing) {}
}
