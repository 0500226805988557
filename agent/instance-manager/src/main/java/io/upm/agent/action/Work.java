package io.upm.agent.action;

import io.upm.agent.store.Mover;
import io.upm.agent.store.MoverStore;
import io.upm.host.plugin.LoadedPlugin;
import io.upm.spi.EnginePlugin;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessRunner;
import io.upm.spi.store.ObjectStore;
import io.upm.spi.store.StoreLocation;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One action of a plugin, with its parameters, from the look whether it can begin to its end: all
 * within one call, so that the plugin stays as long as that takes.
 *
 * @param order what is to be done
 * @param instance the database beside which
 * @param lent what the agent lends to plugins
 * @param mover what carries data to and from stores
 */
record Work(Operations.Order order, Instance instance, AgentContext lent, Mover mover) {
  /** Told what is about to run; returns when it may, or throws when it must not. */
  interface Start {
    void ready(ActionDescriptor<?> descriptor);
  }

  ActionResult run(LoadedPlugin plugin, Start start, Operation operation) {
    return plugin.call(
        "action " + order.action(),
        loaded -> {
          AgentAction<?> action = find(loaded);
          return run(plugin, action, start, operation);
        });
  }

  private AgentAction<?> find(EnginePlugin loaded) {
    var actions = loaded.actions(lent);
    return actions.stream()
        .filter(one -> one.descriptor().name().equals(order.action()))
        .findFirst()
        .orElseThrow(() ->
            PluginException.user(
                "there is no action \"%s\" here; there are: %s"
                    .formatted(
                        order.action(),
                        actions.stream()
                            .map(one -> one.descriptor().name())
                            .sorted()
                            .collect(Collectors.joining(", ")))));
  }

  private <P extends Record> ActionResult run(
      LoadedPlugin plugin, AgentAction<P> action, Start start, Operation operation) {
    P parameters = parameters(plugin, action.descriptor().parameters());
    start.ready(action.descriptor());
    return action.run(parameters, new Context(this, operation));
  }

  private <P extends Record> P parameters(LoadedPlugin plugin, Class<P> type) {
    try {
      return plugin.codec().read(type, order.parameters(), "parameters").orThrow();
    } catch (IllegalArgumentException e) {
      throw PluginException.user(String.valueOf(e.getMessage()), e);
    }
  }

  /** What an action works with. */
  private record Context(Work work, Operation operation) implements ActionContext {
    @Override
    public Instance instance() {
      return work.instance();
    }

    @Override
    public Accounts accounts() {
      return work.lent().accounts();
    }

    @Override
    public ProcessRunner processes() {
      return work.lent().processes();
    }

    @Override
    public Optional<Password> secret(String key) {
      return Optional.ofNullable(work.order().secrets().get(key));
    }

    @Override
    public ObjectStore store(StoreLocation location) {
      return new MoverStore(work.mover(), location);
    }

    @Override
    public void log(String line) {
      operation.log(line);
    }

    @Override
    public void progress(Progress progress) {
      operation.change(builder ->
          builder
              .setDone(progress.done())
              .setTotal(progress.total())
              .setMessage(progress.message()));
    }

    @Override
    public boolean cancelled() {
      return operation.cancelled();
    }
  }
}
