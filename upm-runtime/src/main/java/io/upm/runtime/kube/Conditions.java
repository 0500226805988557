package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Conditions in a status. */
public final class Conditions {
  public static final String TRUE = "True";
  public static final String FALSE = "False";
  public static final String UNKNOWN = "Unknown";

  private Conditions() {}

  /**
   * A condition as it should be.
   *
   * @param reason in CamelCase
   * @param message one sentence; says what to do when something has to be done
   */
  public record Wanted(String type, String status, String reason, String message) {
    public static Wanted is(String type, String reason, String message) {
      return new Wanted(type, TRUE, reason, message);
    }

    public static Wanted not(String type, String reason, String message) {
      return new Wanted(type, FALSE, reason, message);
    }

    public static Wanted when(boolean holds, String type, String reason, String message) {
      return new Wanted(type, holds ? TRUE : FALSE, reason, message);
    }
  }

  /** Exactly the wanted conditions; the time of one changes only with its status. */
  public static List<Condition> merge(
      @Nullable List<Condition> old, List<Wanted> wanted, @Nullable Long generation, Instant now) {
    return wanted.stream()
        .map(next ->
            new ConditionBuilder()
                .withType(next.type())
                .withStatus(next.status())
                .withReason(next.reason())
                .withMessage(next.message())
                .withObservedGeneration(generation)
                .withLastTransitionTime(
                    find(old, next.type())
                        .filter(last -> next.status().equals(last.getStatus()))
                        .map(Condition::getLastTransitionTime)
                        .orElseGet(() -> time(now)))
                .build())
        .toList();
  }

  public static Optional<Condition> find(@Nullable List<Condition> conditions, String type) {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(one -> type.equals(one.getType())).findFirst();
  }

  public static boolean isTrue(@Nullable List<Condition> conditions, String type) {
    return find(conditions, type).filter(one -> TRUE.equals(one.getStatus())).isPresent();
  }

  /** As Kubernetes writes times: UTC, whole seconds. */
  public static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
