package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a backup is restored for trial. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VerifySpec(
    @Size(max = 16)
        @JsonPropertyDescription(
            "Volumes that are to have another size than those of the UnitSet that it is of.")
        List<StorageSize> storages,
    @JsonPropertyDescription(
            "CPU and memory for the trial; those of the UnitSet that it is of when not given.")
        @Nullable ResourceSpec resources,
    @Min(60)
        @JsonPropertyDescription(
            "Seconds after its begin when the trial is given up; 21600, six hours, when not given.")
        @Nullable Integer timeoutSeconds) {
  private static final Duration LIMIT = Duration.ofHours(6);

  /** Size of one volume. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StorageSize(
      @Required
          @Size(min = 1, max = 63)
          @JsonPropertyDescription("Name of the volume, such as data.")
          String name,
      @Required @Size(min = 1, max = 32) @JsonPropertyDescription("Size, such as 10Gi.")
          String size) {}

  public VerifySpec {
    storages = Lists.copy(storages);
  }

  /** How long the trial may take. */
  public Duration limit() {
    return timeoutSeconds == null ? LIMIT : Duration.ofSeconds(timeoutSeconds);
  }
}
