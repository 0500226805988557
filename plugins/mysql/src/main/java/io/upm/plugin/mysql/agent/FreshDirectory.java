package io.upm.plugin.mysql.agent;

import io.upm.plugin.mysql.DataLayout;
import io.upm.spi.PluginException;
import io.upm.spi.instance.ProcessRunner;
import io.upm.spi.instance.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A data directory that the server itself makes, wherever it is wanted. */
public final class FreshDirectory {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final ProcessRunner processes;
  private final DataLayout layout;

  public FreshDirectory(ProcessRunner processes, DataLayout layout) {
    this.processes = processes;
    this.layout = layout;
  }

  /**
   * Makes it, and the directories beside it, which the server needs for that.
   *
   * @param target what is made; not there yet
   * @param directory for the server to work in
   * @param accounts statements, one a line
   */
  public void make(Path target, Path directory, byte[] accounts) throws IOException {
    Initialization.prepareDirectories(layout);
    var command = new ArrayList<String>();
    command.add("mysqld");
    // What can't be changed later, such as the page size, is in the rendered file.
    command.add(
        Files.isRegularFile(layout.options())
            ? "--defaults-file=" + layout.options()
            : "--no-defaults");
    command.addAll(
        List.of(
            "--initialize-insecure",
            "--datadir=" + target,
            "--init-file=/dev/stdin",
            "--disable-log-bin",
            "--gtid-mode=OFF",
            "--enforce-gtid-consistency=OFF",
            "--super-read-only=OFF",
            "--read-only=OFF",
            "--general-log=OFF",
            "--slow-query-log=OFF",
            "--log-error-verbosity=2"));
    ProcessRunner.Result result =
        processes.run(new ProcessSpec(command, Map.of(), directory), accounts, LIMIT);
    if (!result.succeeded()) {
      throw PluginException.retryable(
          "mysqld --initialize failed with exit code %d: %s"
              .formatted(result.exitCode(), ServerLog.firstError(result.output())),
          null);
    }
    if (!Files.isRegularFile(target.resolve(Initialization.DICTIONARY))) {
      throw PluginException.internal(
          "mysqld --initialize made no " + Initialization.DICTIONARY, null);
    }
  }
}
