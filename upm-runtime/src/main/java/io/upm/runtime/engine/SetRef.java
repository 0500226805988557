package io.upm.runtime.engine;

/** A UnitSet, as far as it matters for which build of a plugin serves it. */
public record SetRef(String namespace, String name) {
  String fullName() {
    return namespace + "/" + name;
  }
}
