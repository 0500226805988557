package io.upm.agent;

import io.upm.agent.log.LogFormat;
import io.upm.agent.tree.Tree;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where things are and how long they may take. From the environment, which holds paths and numbers
 * only.
 *
 * @param files where things are
 * @param grpcPort port of the services; 0 for any
 * @param httpPort port of probes and metrics; 0 for any
 * @param stopBudget how long the engine may take to stop when the Pod goes
 * @param passwordOverlap for how long former passwords are taken beside new ones
 * @param logFormat how lines of the engine's log files are written to the container's log
 * @param tree the tree that the agent runs from; empty where that can't change
 * @param terminating whether the container is stopping already: an earlier agent was told and died
 */
public record Settings(
    Files files,
    int grpcPort,
    int httpPort,
    Duration stopBudget,
    Duration passwordOverlap,
    LogFormat logFormat,
    Optional<Tree> tree,
    boolean terminating) {
  /**
   * Where things are.
   *
   * @param instance mounted instance document
   * @param tls directory with {@code tls.crt}, {@code tls.key} and {@code ca.crt}
   * @param run directory for sockets and pid files, emptied by the launcher
   * @param data mount point of the data volume; empty to take it from the instance document
   * @param launcher program that starts and signals the engine
   * @param mover program that carries data to and from object stores
   */
  public record Files(
      Path instance, Path tls, Path run, Optional<Path> data, Path launcher, Path mover) {}

  /**
   * Reads the environment.
   *
   * @throws IllegalArgumentException when a value is not allowed
   */
  public static Settings from(Map<String, String> environment) {
    Optional<Tree> tree = Tree.from(environment);
    Path programs = tree.map(Tree::home).orElse(Path.of("/opt/upm")).resolve("bin");
    var files =
        new Files(
            path(environment, "UPM_INSTANCE_FILE", "/etc/upm/instance/instance.json"),
            path(environment, "UPM_TLS_DIR", "/etc/upm/tls"),
            path(environment, "UPM_RUN_DIR", "/run/upm"),
            Optional.ofNullable(environment.get("UPM_DATA_DIR"))
                .filter(text -> !text.isBlank())
                .map(Path::of),
            path(environment, "UPM_LAUNCHER", programs.resolve("launcher").toString()),
            path(environment, "UPM_MOVER", programs.resolve("mover").toString()));
    return new Settings(
        files,
        number(environment, "UPM_GRPC_PORT", 2214),
        number(environment, "UPM_HTTP_PORT", 2215),
        Duration.ofSeconds(number(environment, "UPM_STOP_BUDGET_SECONDS", 25)),
        Duration.ofSeconds(number(environment, "UPM_PASSWORD_OVERLAP_SECONDS", 900)),
        logFormat(environment),
        tree,
        Boolean.parseBoolean(environment.get("UPM_TERMINATING")));
  }

  private static LogFormat logFormat(Map<String, String> environment) {
    String text = environment.getOrDefault("UPM_LOG_FORMAT", "json");
    return switch (text) {
      case "json" -> LogFormat.JSON;
      case "raw" -> LogFormat.RAW;
      default ->
          throw new IllegalArgumentException(
              "UPM_LOG_FORMAT: \"%s\" is neither json nor raw".formatted(text));
    };
  }

  private static Path path(Map<String, String> environment, String name, String fallback) {
    return Path.of(environment.getOrDefault(name, fallback));
  }

  private static int number(Map<String, String> environment, String name, int fallback) {
    String text = environment.get(name);
    if (text == null) {
      return fallback;
    }
    if (!text.matches("\\d{1,6}")) {
      throw new IllegalArgumentException("%s: \"%s\" is not a number".formatted(name, text));
    }
    return Integer.parseInt(text);
  }
}
