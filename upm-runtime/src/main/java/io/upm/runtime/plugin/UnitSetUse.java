package io.upm.runtime.plugin;

import java.util.Map;

/**
 * What a UnitSet asks of a plugin.
 *
 * @param engineVersion as the UnitSet says
 * @param pluginVersion version that it names; empty when it takes the one that serves
 * @param labels of the UnitSet
 */
public record UnitSetUse(
    String namespace,
    String name,
    String engine,
    String engineVersion,
    String pluginVersion,
    Map<String, String> labels) {

  String fullName() {
    return namespace + "/" + name;
  }

  boolean follows() {
    return pluginVersion.isEmpty();
  }
}
