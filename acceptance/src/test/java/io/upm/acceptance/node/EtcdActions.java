package io.upm.acceptance.node;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.RecordCodec;
import io.upm.spi.EnginePlugin;
import io.upm.spi.Password;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessRunner;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The example's actions, run by its zip, as long as nothing in the product runs actions: on the
 * volumes of the units, which are folders of this machine, with the programs of the image.
 */
final class EtcdActions implements AutoCloseable {
  private final PluginHost host;
  private final LoadedPlugin plugin;
  private final ProcessRunner processes;

  /**
   * @param work where the zip is unpacked
   * @param programs folder with {@code etcdctl} and {@code etcdutl}
   */
  EtcdActions(Path work, Path programs) {
    this.host = new PluginHost(work, EnginePlugin.SPI_VERSION);
    this.plugin = host.load(PluginArchive.read(EtcdExample.ZIP));
    this.processes =
        (spec, input, limit) -> {
          List<String> command = new ArrayList<>(spec.command());
          command.set(0, programs.resolve(command.getFirst()).toString());
          Programs.Result result = Programs.run(spec.directory(), limit, command);
          return new ProcessRunner.Result(result.code(), result.output());
        };
  }

  String run(String action, String snapshot, Instance instance) {
    return plugin.call(
        action,
        loaded ->
            loaded.actions(new Lent()).stream()
                .filter(one -> one.descriptor().name().equals(action))
                .findFirst()
                .map(one -> run(one, snapshot, instance).message())
                .orElseThrow());
  }

  private <P extends Record> ActionResult run(
      AgentAction<P> action, String snapshot, Instance instance) {
    Class<P> type = action.descriptor().parameters();
    var given = JsonNodeFactory.instance.objectNode().put("name", snapshot);
    P parameters = new RecordCodec(type.getClassLoader()).read(type, given, "parameters").orThrow();
    return action.run(parameters, new Here(instance));
  }

  @Override
  public void close() {
    host.close();
  }

  private Optional<Password> none(String user) {
    return Optional.empty();
  }

  /** What the plugin is lent. */
  private final class Lent implements AgentContext {
    @Override
    public ProcessRunner processes() {
      return processes;
    }

    @Override
    public Accounts accounts() {
      return EtcdActions.this::none;
    }

    @Override
    public Clock clock() {
      return Clock.systemUTC();
    }
  }

  /** What an action is lent. */
  private final class Here implements ActionContext {
    private final Instance instance;

    private Here(Instance instance) {
      this.instance = instance;
    }

    @Override
    public Instance instance() {
      return instance;
    }

    @Override
    public Accounts accounts() {
      return EtcdActions.this::none;
    }

    @Override
    public ProcessRunner processes() {
      return processes;
    }

    @Override
    public void progress(Progress progress) {
      // Nobody watches.
    }

    @Override
    public boolean cancelled() {
      return false;
    }
  }
}
