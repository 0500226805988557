package io.upm.agent.plugin;

import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.ProcessRunner;
import java.time.Clock;

/** What the agent lends to plugins. */
public record LentContext(ProcessRunner processes, Accounts accounts, Clock clock)
    implements AgentContext {}
