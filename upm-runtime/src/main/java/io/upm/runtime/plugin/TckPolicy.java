package io.upm.runtime.plugin;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is asked of the TCK reports of plugins that Plugin objects install. */
public enum TckPolicy {
  /** One that is there must prove what the plugin can do. */
  @JsonProperty("IfPresent")
  IF_PRESENT,

  /** There must be one, and it must prove what the plugin can do. */
  @JsonProperty("Required")
  REQUIRED
}
