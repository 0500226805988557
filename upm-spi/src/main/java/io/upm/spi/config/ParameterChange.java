package io.upm.spi.config;

import java.util.Objects;

/**
 * A parameter that two configurations of an instance give different values.
 *
 * @param name as in the configuration file
 * @param before its value in the first; empty when it is left to the engine there
 * @param after its value in the second; empty when it is left to the engine there
 * @param impact what it takes until the second is in force
 */
public record ParameterChange(String name, String before, String after, Impact impact) {
  public ParameterChange {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(impact, "impact");
  }
}
