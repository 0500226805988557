package io.upm.runtime.engine;

import io.upm.spi.PluginException;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.ProcessRunner;
import java.time.Clock;
import java.util.Optional;

/** What a plugin is lent that is asked away from any database. */
final class NoAgent implements AgentContext {
  @Override
  public ProcessRunner processes() {
    return (spec, input, limit) -> {
      throw PluginException.retryable("there is no database here, and no program to run", null);
    };
  }

  @Override
  public Accounts accounts() {
    return user -> Optional.empty();
  }

  @Override
  public Clock clock() {
    return Clock.systemUTC();
  }
}
