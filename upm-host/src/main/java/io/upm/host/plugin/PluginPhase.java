package io.upm.host.plugin;

/** Where a plugin is between its zip and its end. */
public enum PluginPhase {
  /** Its zip was found. */
  RESOLVED,
  /** Its zip was read and holds what it must and nothing that it must not. */
  VERIFIED,
  /** Takes calls. */
  ACTIVE,
  /** Takes no new call; calls that run go on. */
  DRAINING,
  /** Its class loader is closed. */
  UNLOADED,
  /** Its class loader was collected: nothing of it is left. */
  RECLAIMED,
  /** Its class loader was not collected in time: something still refers to it. */
  LEAKED
}
