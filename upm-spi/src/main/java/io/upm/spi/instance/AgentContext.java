package io.upm.spi.instance;

import java.time.Clock;

/**
 * What the agent lends to a plugin. Valid until the plugin is replaced; everything in it is closed
 * by the host.
 */
public interface AgentContext {
  ProcessRunner processes();

  Accounts accounts();

  Clock clock();
}
