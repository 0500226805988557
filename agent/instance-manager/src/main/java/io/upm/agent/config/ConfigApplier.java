package io.upm.agent.config;

import io.upm.agent.plugin.ActivePlugin;
import io.upm.host.document.InstanceDocument;
import io.upm.spi.PluginException;
import io.upm.spi.Problem;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessRunner;
import io.upm.spi.instance.ProcessSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Renders a configuration, has the engine check it, and puts it in force. One that is refused
 * changes nothing: the last good one stays.
 */
public final class ConfigApplier {
  private static final Duration CHECK_LIMIT = Duration.ofMinutes(2);
  private static final int LINES_TOLD = 5;

  /** By SIGKILL or SIGTERM, as whoever is short of memory or of patience does: no verdict. */
  private static final Set<Integer> KILLED = Set.of(128 + 9, 128 + 15);

  private final ConfigFiles files;
  private final ProcessRunner processes;

  /** Brings a staged configuration to the engine that runs. */
  @FunctionalInterface
  public interface Bringing {
    /**
     * @throws PluginException when that fails, and it is not to be put in force
     */
    void bring(String digest) throws IOException;
  }

  /**
   * @param directory where configurations are kept
   * @param link where the engine finds the one in force
   */
  public ConfigApplier(Path directory, Path link, ProcessRunner processes) {
    this.files = new ConfigFiles(directory, link);
    this.processes = processes;
  }

  /** Digest of the configuration in force; empty when there is none. */
  public Optional<String> inForce() throws IOException {
    return files.inForce();
  }

  /**
   * Puts the instance's configuration in force.
   *
   * @param check whether the engine is asked about a configuration with this digest first
   * @param running told before it is in force
   * @return its digest
   * @throws PluginException when it is refused
   */
  public String apply(
      ActivePlugin plugin,
      InstanceDocument document,
      Instance instance,
      Predicate<String> check,
      Bringing running)
      throws IOException {
    List<ConfigFile> rendered = render(plugin, document, instance);
    String digest = ConfigFiles.digest(rendered);
    Path staged = files.stage(digest, rendered);
    if (check.test(digest)) {
      ask(plugin, instance, staged);
    }
    running.bring(digest);
    putInForce(digest);
    return digest;
  }

  /** Puts a configuration in force that is kept. */
  public void putInForce(String digest) throws IOException {
    if (files.inForce().filter(digest::equals).isEmpty()) {
      files.putInForce(digest);
    }
  }

  /** Forgets configurations that are neither in force nor the running engine's. */
  public void forgetOthers(Set<String> running) throws IOException {
    files.keepOnly(
        Stream.concat(files.inForce().stream(), running.stream()).collect(Collectors.toSet()));
  }

  private static List<ConfigFile> render(
      ActivePlugin plugin, InstanceDocument document, Instance instance) {
    var input = new ConfigInput(instance, document.parameters());
    List<Problem> problems =
        plugin
            .plugin()
            .call(
                "check configuration",
                engine -> {
                  var found =
                      new ArrayList<>(
                          engine.parameters(instance.version()).check(input.parameters()));
                  if (found.isEmpty()) {
                    found.addAll(engine.config().check(input));
                  }
                  return found;
                });
    if (!problems.isEmpty()) {
      throw PluginException.user(
          problems.stream().map(Problem::sentence).collect(Collectors.joining("; ")));
    }
    return plugin.plugin().call("render configuration", engine -> engine.config().render(input));
  }

  private void ask(ActivePlugin plugin, Instance instance, Path staged) {
    Optional<ProcessSpec> program =
        plugin
            .lifecycle()
            .call("name configuration check", engine -> engine.checkConfig(instance, staged));
    if (program.isEmpty()) {
      return;
    }
    var result = processes.run(program.get(), new byte[0], CHECK_LIMIT);
    if (KILLED.contains(result.exitCode())) {
      throw PluginException.retryable(
          "the engine's check of the configuration was killed (exit code %d)"
              .formatted(result.exitCode()),
          null);
    }
    if (!result.succeeded()) {
      List<String> lines = result.output().strip().lines().toList();
      String told =
          lines.stream()
              .skip(Math.max(0, lines.size() - LINES_TOLD))
              .collect(Collectors.joining(" | "));
      throw PluginException.user("the engine refuses the configuration: " + told);
    }
  }
}
