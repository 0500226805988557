package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.acceptance.author.LocalRepository;
import io.upm.acceptance.docs.PageCommands;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command of {@code docs/plugin-authors.md} as it stands there, from a project that doesn't
 * exist to a database on the node. Adapted is only what belongs to this machine: the registry is
 * one of its own and without TLS, Maven is offline, and Debian's image has another name.
 */
class NewPluginIT {
  private static final String REGISTRY = "registry.example.com";
  private static final String SET = "first";
  private static final int PORT = 7070;
  private static final int UNITS = 2;
  private static final long LIMIT_MINUTES = 6;

  @TempDir private Path root;

  private Path home;
  private Path kubeconfig;

  @Test
  void fromNothingToADatabase() throws Exception {
    home = Files.createDirectories(root.resolve("home"));
    try (var cluster = Cluster.inNamespace("acceptance-new-plugin")) {
      kubeconfig = ownKubeconfig(cluster.namespace);
      String host = URI.create(cluster.client.getConfiguration().getMasterUrl()).getHost();
      try (var registry = HostRegistry.start(host, root.resolve("registry"))) {
        for (List<String> command : PageCommands.of("plugin-authors.md")) {
          run(adapted(command, registry.address()));
          if (command.contains("init")) {
            stayOffline();
          }
          if (command.contains("status")) {
            use(cluster);
          }
        }
      }
      cluster.await("no unit is left", () -> cluster.list("Unit").isEmpty());
    }
  }

  /** It is a database: what was written is there when its Pod was replaced. */
  private static void use(Cluster cluster) throws IOException {
    cluster.awaitReady(SET, UNITS);
    for (int ordinal = 0; ordinal < UNITS; ordinal++) {
      assertThat(ask(cluster, SET + "-" + ordinal, "SET unit " + ordinal)).isEqualTo("OK");
    }
    String uid = cluster.pod(SET + "-1").orElseThrow().getMetadata().getUid();
    cluster.client.pods().inNamespace(cluster.namespace).withName(SET + "-1").delete();
    cluster.await(
        "another Pod",
        () ->
            cluster
                .pod(SET + "-1")
                .filter(pod -> !pod.getMetadata().getUid().equals(uid))
                .isPresent());
    cluster.awaitReady(SET, UNITS);
    assertThat(ask(cluster, SET + "-1", "GET unit")).isEqualTo("VALUE 1");
    assertThat(ask(cluster, SET + "-0", "GET unit")).isEqualTo("VALUE 0");
  }

  private static String ask(Cluster cluster, String pod, String question) throws IOException {
    try (var socket = new Socket(cluster.podAddress(pod), PORT)) {
      socket.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
          .readLine();
    }
  }

  private static List<String> adapted(List<String> command, String registry) {
    var words = new ArrayList<String>();
    command.forEach(word -> words.add(word.replace(REGISTRY, registry)));
    switch (words.getFirst()) {
      case "upm" -> words.set(0, Path.of("..", "upm").toAbsolutePath().normalize().toString());
      case "kubectl" -> words.set(0, Tool.kubectl());
      default -> {}
    }
    if (words.contains("push")) {
      words.add("--plain-http");
    }
    if (words.contains("install")) {
      words.addAll(List.of("--image", "12=upm.local/base:bookworm"));
    }
    return words;
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    Path said = root.resolve("said");
    var builder = new ProcessBuilder(command).directory(home.toFile());
    builder.redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    Process process = builder.start();
    if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError(command + " doesn't end: " + Files.readString(said));
    }
    assertThat(process.exitValue()).as(command + "\n" + Files.readString(said)).isZero();
  }

  private void stayOffline() throws IOException {
    Path repository =
        LocalRepository.make(
            Files.createDirectories(root.resolve("repository")),
            Objects.requireNonNull(System.getProperty("upm.version")));
    Path config = home.resolve("my-engine/.mvn/maven.config");
    Files.createDirectories(Objects.requireNonNull(config.getParent()));
    Files.writeString(config, "--offline\n-Dmaven.repo.local=%s\n".formatted(repository));
  }

  /** One that leads into a namespace. */
  private Path ownKubeconfig(String namespace) throws IOException, InterruptedException {
    Path own = root.resolve("kubeconfig");
    Files.copy(Path.of(Objects.requireNonNull(System.getenv("UPM_KUBECONFIG"))), own);
    kubeconfig = own;
    run(List.of(Tool.kubectl(), "config", "set-context", "--current", "--namespace=" + namespace));
    return own;
  }
}
