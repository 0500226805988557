package io.upm.runtime.agent;

/** A Unit by namespace and name; its Pod has the same name. */
public record UnitKey(String namespace, String name) {
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
