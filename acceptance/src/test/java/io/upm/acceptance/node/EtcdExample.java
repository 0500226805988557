package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.acceptance.author.LocalRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@code examples/etcd-plugin} as its page has it done: built on its own, with Maven, against what
 * a release of UPM leaves in a local repository; its image; and the plugin in a registry.
 */
final class EtcdExample implements AutoCloseable {
  static final String VERSION = "3.6.5";
  static final Path FOLDER = Path.of("..", "examples", "etcd-plugin").toAbsolutePath().normalize();
  static final Path ZIP = FOLDER.resolve("target").resolve("etcd-1.0.0.zip");

  private static final String PLUGIN = "etcd";
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final HostRegistry registry;
  private final Tool upm;

  private EtcdExample(HostRegistry registry, Tool upm) {
    this.registry = registry;
    this.upm = upm;
  }

  /** Builds plugin and image, and brings both to where the runtime and the nodes find them. */
  static EtcdExample build(Cluster cluster, NodeFaults nodes, Tool upm) throws IOException {
    Path repository = LocalRepository.make(Files.createTempDirectory("m2"), "0.1.0");
    run("mvn", "-q", "-B", "-Dmaven.repo.local=" + repository, "clean", "verify");
    Path image = FOLDER.resolve("target").resolve("etcd.tar");
    run("image/build", VERSION, image.toString());
    nodes.loadImage(image);
    String host = URI.create(cluster.client.getMasterUrl().toString()).getHost();
    var registry = HostRegistry.start(host, Files.createTempDirectory("registry"));
    return new EtcdExample(registry, upm);
  }

  /** Has it checked, and has the runtime serve it. */
  void install() {
    String verified = upm.runOffline("plugin", "verify", ZIP.toString()).expect(0).out();
    assertThat(verified).contains("TCK       config, life cycle, actions, topology proven by ");
    String source = "oci://%s/upm/%s".formatted(registry.address(), PLUGIN);
    upm.runOffline("plugin", "push", ZIP.toString(), source, "--plain-http").expect(0);
    String image = "%s=upm.local/etcd:%1$s".formatted(VERSION);
    upm.run("plugin", "install", PLUGIN, "1.0.0", "--source", source, "--image", image).expect(0);
  }

  static String read(String file) {
    try {
      return Files.readString(FOLDER.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(String... command) {
    Programs.run(FOLDER, LIMIT, List.of(command)).orFail(List.of(command));
  }

  @Override
  public void close() {
    try {
      upm.run("plugin", "remove", PLUGIN, "--orphan").expect(0);
    } finally {
      registry.close();
    }
  }
}
