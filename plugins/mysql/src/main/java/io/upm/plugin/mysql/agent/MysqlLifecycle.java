package io.upm.plugin.mysql.agent;

import io.upm.plugin.mysql.DataLayout;
import io.upm.spi.PluginException;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.instance.Health;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.instance.StopRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a MySQL server is initialised, started, stopped and probed. */
public final class MysqlLifecycle implements EngineLifecycle {
  private final Initialization initialization;
  private final Probe probe;

  public MysqlLifecycle(AgentContext context) {
    this.initialization = new Initialization(context);
    this.probe = new Probe(context.accounts());
  }

  @Override
  public boolean isInitialized(Instance instance) {
    return Initialization.isDone(DataLayout.of(instance));
  }

  @Override
  public void initialize(Instance instance) {
    initialization.run(instance);
  }

  /** The server looks whether its directories are there, so they are, even before it has data. */
  @Override
  public Optional<ProcessSpec> checkConfig(Instance instance, Path candidate) {
    prepareDirectories(instance);
    return Optional.of(
        new ProcessSpec(
            List.of(
                "mysqld",
                "--defaults-file=" + candidate.resolve(DataLayout.OPTIONS),
                "--validate-config"),
            Map.of(),
            candidate));
  }

  @Override
  public ProcessSpec start(Instance instance) {
    prepareDirectories(instance);
    removeLeftovers(DataLayout.of(instance));
    Replacement.forget(DataLayout.of(instance));
    return new ProcessSpec(
        List.of("mysqld", "--defaults-file=" + DataLayout.of(instance).options()),
        Map.of(),
        instance.layout().data());
  }

  /**
   * After a crash the socket's lock file names a process that may be another one by now, with few
   * process ids in a container; the server would take it for itself, still running. That it does
   * not run twice is ensured by the lock on its data files.
   */
  private static void removeLeftovers(DataLayout layout) {
    try {
      for (Path socket : List.of(layout.socket(), layout.socketX())) {
        Files.deleteIfExists(socket);
        Files.deleteIfExists(socket.resolveSibling(socket.getFileName() + ".lock"));
      }
    } catch (IOException e) {
      throw PluginException.retryable(
          "a socket can't be removed: " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
    }
  }

  private static void prepareDirectories(Instance instance) {
    try {
      Initialization.prepareDirectories(DataLayout.of(instance));
    } catch (IOException e) {
      throw PluginException.retryable(
          "a directory can't be made: " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
    }
  }

  /** The server ends its connections and flushes as much as it has to; that may take minutes. */
  @Override
  public StopRequest stop(Instance instance, Duration budget) {
    return new StopRequest(StopRequest.Signal.TERM, budget);
  }

  @Override
  public Health probe(Instance instance) {
    return probe.run(instance);
  }

  /** The error log goes to standard error. */
  @Override
  public List<Path> logs(Instance instance) {
    DataLayout layout = DataLayout.of(instance);
    return List.of(layout.slowLog(), layout.generalLog());
  }

  @Override
  public void close() {
    probe.close();
  }
}
