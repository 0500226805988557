package io.upm.testkit.paper;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A sheet that is written on, and its copies. */
public record PairSpec(
    @JsonPropertyDescription("How copies are made.") @JsonProperty(defaultValue = "by_hand")
        Method method,
    @JsonPropertyDescription("The sheet that is written on.") @NotNull Sheet original,
    @JsonPropertyDescription("Its copies.") @Size(max = 7) List<Copy> copies,
    @NotNull Secret secret,
    @JsonProperty(defaultValue = "{}") Service service,
    Map<String, @Positive Integer> weights,
    Optional<@Min(1) Integer> patience,
    @Nullable Object notes) {
  /** How copies are made. */
  public enum Method {
    @JsonProperty("by_hand")
    BY_HAND,
    @JsonProperty("by_machine")
    BY_MACHINE
  }

  /** A sheet. */
  public record Sheet(
      @NotBlank @Pattern(regexp = "[a-z0-9]([a-z0-9-]*[a-z0-9])?", message = "a DNS label")
          String name,
      @NotBlank String host,
      @Min(1) @Max(65535) int port) {}

  /** A sheet that may be left out. */
  public record Copy(
      @NotBlank String name,
      @NotBlank String host,
      @Min(1) @Max(65535) int port,
      @JsonProperty(defaultValue = "false") boolean isolated) {
    Sheet sheet() {
      return new Sheet(name, host, port);
    }
  }

  /** Where the password is. */
  public record Secret(@NotBlank String name, @JsonProperty(defaultValue = "writer") String key) {}

  /** The Services. */
  public record Service(@JsonProperty(defaultValue = "ClusterIP") Type type) {
    /** Kinds of Services. */
    public enum Type {
      ClusterIP,
      NodePort
    }
  }
}
