package io.upm.spi;

import java.time.Clock;

/**
 * What the runtime lends to a plugin. Valid until the plugin is drained; everything in it is closed
 * by the host.
 */
public interface RuntimeContext {
  /** Time for observations. Decisions take time from what was observed, never from here. */
  Clock clock();
}
