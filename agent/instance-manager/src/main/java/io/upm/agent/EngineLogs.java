package io.upm.agent;

import io.upm.agent.log.LogFile;
import io.upm.agent.log.LogRotation;
import io.upm.agent.plugin.ActivePlugin;
import io.upm.agent.plugin.PluginSlot;
import io.upm.agent.supervise.Target;
import io.upm.host.plugin.PluginDrainedException;
import io.upm.host.plugin.PluginFault;
import io.upm.spi.PluginException;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.instance.Instance;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's log files, as its plugin knows them. Without a plugin there are none. */
final class EngineLogs implements LogRotation.Engine {
  private static final Logger LOG = LoggerFactory.getLogger(EngineLogs.class);

  private final PluginSlot slot;
  private final Function<ActivePlugin, Optional<Target>> targets;

  EngineLogs(PluginSlot slot, Function<ActivePlugin, Optional<Target>> targets) {
    this.slot = slot;
    this.targets = targets;
  }

  List<LogFile> files() {
    return ask(
            "logs",
            (lifecycle, instance) ->
                lifecycle.logs(instance).stream()
                    .map(path -> new LogFile(path, instance.identity().unit()))
                    .toList())
        .orElse(List.of());
  }

  @Override
  public boolean rotates() {
    return ask("rotatesLogs", (lifecycle, instance) -> lifecycle.rotatesLogs()).orElse(false);
  }

  @Override
  public boolean reopen() {
    return ask(
            "reopenLogs",
            (lifecycle, instance) -> {
              lifecycle.reopenLogs(instance);
              return true;
            })
        .orElse(false);
  }

  private <R> Optional<R> ask(String operation, BiFunction<EngineLifecycle, Instance, R> question) {
    try {
      return slot.active()
          .flatMap(targets)
          .map(target ->
              target
                  .plugin()
                  .lifecycle()
                  .call(operation, lifecycle -> question.apply(lifecycle, target.instance())));
    } catch (PluginDrainedException | PluginException | PluginFault e) {
      LOG.debug("{}: {}", operation, e.getMessage());
      return Optional.empty();
    }
  }
}
