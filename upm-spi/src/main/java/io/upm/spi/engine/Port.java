package io.upm.spi.engine;

/**
 * A TCP port of the engine.
 *
 * @param name as in Services; at most 15 letters, digits and dashes
 * @param number the default
 * @param client whether applications connect here; ports that are not stay inside the headless
 *     Service
 */
public record Port(String name, int number, boolean client) {
  public Port {
    if (!name.matches("[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?")) {
      throw new IllegalArgumentException("port name " + name);
    }
    if (number < 1 || number > 65535) {
      throw new IllegalArgumentException("port " + name + ": " + number);
    }
  }
}
