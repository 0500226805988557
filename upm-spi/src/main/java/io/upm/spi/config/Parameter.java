package io.upm.spi.config;

import io.upm.spi.Problem;
import io.upm.spi.engine.EngineVersion;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One parameter of an engine. Made with {@link #named(String, ParameterType)}.
 *
 * @param name as in the configuration file
 * @param type how a value is written
 * @param unit such as {@code seconds}; empty when it has none
 * @param range bounds or allowed values
 * @param defaultValue value, or expression over the instance's limits, when the user sets nothing;
 *     what the reference page shows
 * @param impact what it takes to change it
 * @param served engine versions that know it
 * @param description one sentence
 */
public record Parameter(
    String name,
    ParameterType type,
    String unit,
    Range range,
    String defaultValue,
    Impact impact,
    Served served,
    String description) {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,20})([KMGTkmgt])?");
  private static final Set<String> BOOLEANS = Set.of("on", "off", "1", "0", "true", "false");

  public Parameter {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(range, "range");
    Objects.requireNonNull(defaultValue, "defaultValue");
    Objects.requireNonNull(impact, "impact");
    Objects.requireNonNull(served, "served");
    Objects.requireNonNull(description, "description");
  }

  /**
   * Bounds of a number (both inclusive, in the parameter's unit; bytes for a size), or allowed
   * values.
   */
  public record Range(
      @Nullable BigDecimal minimum, @Nullable BigDecimal maximum, List<String> values) {
    public static final Range ANY = new Range(null, null, List.of());

    public Range {
      values = List.copyOf(values);
    }

    public static Range between(long minimum, long maximum) {
      return new Range(BigDecimal.valueOf(minimum), BigDecimal.valueOf(maximum), List.of());
    }

    /** For bounds beyond {@code long}, such as 2^64-1, and for decimals. */
    public static Range between(String minimum, String maximum) {
      return new Range(new BigDecimal(minimum), new BigDecimal(maximum), List.of());
    }

    public static Range oneOf(String... values) {
      return new Range(null, null, List.of(values));
    }

    private boolean holds(BigDecimal value) {
      return (minimum == null || value.compareTo(minimum) >= 0)
          && (maximum == null || value.compareTo(maximum) <= 0);
    }

    @Override
    public String toString() {
      if (!values.isEmpty()) {
        return "one of " + String.join(", ", values);
      }
      if (minimum == null && maximum == null) {
        return "any";
      }
      return (minimum == null ? "" : minimum.toPlainString())
          + " to "
          + (maximum == null ? "" : maximum.toPlainString());
    }
  }

  /**
   * First version with the parameter and first without it again; null where there is no such bound.
   */
  public record Served(@Nullable EngineVersion since, @Nullable EngineVersion until) {
    public static final Served ALWAYS = new Served(null, null);

    public static Served since(String version) {
      return new Served(EngineVersion.parse(version), null);
    }

    public static Served until(String version) {
      return new Served(null, EngineVersion.parse(version));
    }

    public boolean by(EngineVersion version) {
      return (since == null || version.compareTo(since) >= 0)
          && (until == null || version.compareTo(until) < 0);
    }
  }

  public static Builder named(String name, ParameterType type) {
    return new Builder(name, type);
  }

  /** Checks a value that a user gave. */
  public Optional<Problem> check(String value) {
    boolean fine =
        switch (type) {
          case INTEGER -> value.matches("-?\\d{1,20}") && range.holds(new BigDecimal(value));
          case DECIMAL ->
              value.matches("-?\\d{1,20}(\\.\\d{1,20})?") && range.holds(new BigDecimal(value));
          case SIZE -> bytes(value).filter(range::holds).isPresent();
          case BOOLEAN -> BOOLEANS.contains(value.toLowerCase(Locale.ROOT));
          case ENUMERATION -> allows(value);
          case SET ->
              value.isEmpty() || List.of(value.split(",", -1)).stream().allMatch(this::allows);
          case STRING ->
              value.indexOf('\n') < 0
                  && value.indexOf('\0') < 0
                  && (range.values().isEmpty() || allows(value));
        };
    return fine
        ? Optional.empty()
        : Optional.of(new Problem("spec.parameters." + name, value, allowed()));
  }

  /** What values are allowed, for messages and reference pages. */
  public String allowed() {
    String kind =
        switch (type) {
          case INTEGER -> "a whole number";
          case DECIMAL -> "a number";
          case SIZE -> "bytes, or a number with K, M, G or T";
          case BOOLEAN -> "ON or OFF";
          case ENUMERATION -> "";
          case SET -> "any, with commas between,";
          case STRING -> "text on one line";
        };
    String bounds = range.toString().equals("any") ? "" : range.toString();
    return (kind
        + (kind.isEmpty() || bounds.isEmpty() ? "" : " ")
        + (bounds.startsWith("one of") || bounds.isEmpty() ? bounds : "from " + bounds)
        + (unit.isEmpty() ? "" : " " + unit));
  }

  private boolean allows(String value) {
    return range.values().stream().anyMatch(candidate -> candidate.equalsIgnoreCase(value.strip()));
  }

  /** Bytes that a size stands for; empty when the text is not a size. */
  public static Optional<BigDecimal> bytes(String text) {
    var matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String suffix = matcher.group(2);
    int power = suffix == null ? 0 : "KMGT".indexOf(suffix.toUpperCase(Locale.ROOT)) + 1;
    return Optional.of(
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(1024).pow(power)));
  }

  /**
   * Collects the parts of a parameter; without more it is text, needs a restart and is always
   * served.
   */
  public static final class Builder {
    private final String name;
    private final ParameterType type;
    private String unit = "";
    private Range range = Range.ANY;
    private String defaultValue = "";
    private Impact impact = Impact.RESTART;
    private Served served = Served.ALWAYS;

    private Builder(String name, ParameterType type) {
      this.name = name;
      this.type = type;
    }

    public Builder unit(String value) {
      unit = value;
      return this;
    }

    public Builder range(Range value) {
      range = value;
      return this;
    }

    public Builder defaultValue(String value) {
      defaultValue = value;
      return this;
    }

    public Builder impact(Impact value) {
      impact = value;
      return this;
    }

    public Builder served(Served value) {
      served = value;
      return this;
    }

    public Parameter describe(String description) {
      return new Parameter(name, type, unit, range, defaultValue, impact, served, description);
    }
  }
}
