package io.upm.spi.config;

import io.upm.spi.instance.Instance;
import java.util.Map;

/**
 * Everything that a configuration depends on. The same input renders the same bytes.
 *
 * @param instance the instance, with its version, mode, limits, directories and peers
 * @param parameters values that the user set, already checked against the catalogue
 */
public record ConfigInput(Instance instance, Map<String, String> parameters) {
  public ConfigInput {
    parameters = Map.copyOf(parameters);
  }
}
