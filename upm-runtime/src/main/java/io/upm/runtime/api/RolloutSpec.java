package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a version of a plugin comes to serve, and what becomes of one that fails. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "!(has(self.percent) && has(self.selector))",
    message =
        "spec.rollout.percent and spec.rollout.selector both say which UnitSets are first: give one"
            + " of them")
@ValidationRule(
    value =
        "has(self.percent) || has(self.selector) || !(has(self.pause) || has(self.errorBudget))",
    message =
        "spec.rollout.pause and spec.rollout.errorBudget are about UnitSets that are first: say with"
            + " percent or selector which are")
@ValidationRule(
    value = "!has(self.pause) || self.pause.matches('^[1-9][0-9]{0,5}[smh]$')",
    message =
        "spec.rollout.pause must be a whole number of seconds, minutes or hours, such as 90s, 30m or"
            + " 2h",
    fieldPath = ".pause")
public record RolloutSpec(
    @JsonPropertyDescription(
            "Whether a version whose calls fail within an hour after it began to serve makes room for"
                + " the one before it by itself; true when not given.")
        @Nullable Boolean automaticRollback,
    @Min(1)
        @Max(99)
        @JsonPropertyDescription(
            "Share of UnitSets that a new version serves first, chosen by their names.")
        @Nullable Integer percent,
    @JsonPropertyDescription("Labels of the UnitSets that a new version serves first.")
        Map<String, String> selector,
    @Size(min = 2, max = 7)
        @JsonPropertyDescription(
            "How long it serves those alone, such as 30m; 10m when not given. Then it serves all.")
        @Nullable String pause,
    @Min(0)
        @Max(100)
        @JsonPropertyDescription(
            "Percent of its calls that may fail meanwhile; 1 when not given. With more it is taken"
                + " back.")
        @Nullable Integer errorBudget) {
  /** All as it usually is. */
  public static final RolloutSpec NONE = new RolloutSpec(null, null, Map.of(), null, null);

  private static final Duration USUAL_PAUSE = Duration.ofMinutes(10);
  private static final int USUAL_BUDGET = 1;

  public RolloutSpec {
    selector = Lists.copy(selector);
  }

  /** Whether what fails is taken back. */
  public boolean rollsBack() {
    return !Boolean.FALSE.equals(automaticRollback);
  }

  /** Whether some UnitSets are first. */
  public boolean inSteps() {
    return percent != null || !selector.isEmpty();
  }

  /** How long they are alone. */
  public Duration pauseOrUsual() {
    return pause == null ? USUAL_PAUSE : Duration.parse("PT" + pause.toUpperCase(Locale.ROOT));
  }

  /** Percent of calls that may fail. */
  public int budgetOrUsual() {
    return errorBudget == null ? USUAL_BUDGET : errorBudget;
  }
}
