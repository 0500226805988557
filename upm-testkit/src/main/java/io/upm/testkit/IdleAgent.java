package io.upm.testkit;

import io.upm.spi.PluginException;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.ProcessRunner;
import java.time.Clock;

/**
 * What a plugin is lent by an agent that runs no program.
 *
 * @param accounts passwords that it knows
 */
public record IdleAgent(Accounts accounts) implements AgentContext {
  @Override
  public ProcessRunner processes() {
    return (spec, input, limit) -> {
      throw PluginException.retryable("no program can be run here", null);
    };
  }

  @Override
  public Clock clock() {
    return Clock.systemUTC();
  }
}
