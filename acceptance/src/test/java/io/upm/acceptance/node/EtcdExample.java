package io.upm.acceptance.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.kube.Conditions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code examples/etcd-plugin} as its page has it done: built on its own, with Maven, against what
 * a release of UPM leaves in a local repository; its image; and the plugin in a registry.
 */
final class EtcdExample implements AutoCloseable {
  static final String VERSION = "3.6.5";
  static final Path FOLDER = Path.of("..", "examples", "etcd-plugin").toAbsolutePath().normalize();
  static final Path ZIP = FOLDER.resolve("target").resolve("etcd-1.0.0.zip");

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final List<String> RELEASED = List.of("upm-spi", "upm-host", "upm-testkit");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SYSTEM = "upm-system";
  private static final String SETTINGS = "plugins.json";

  private final Cluster cluster;
  private final StaticRegistry registry;
  private final String settings;

  private EtcdExample(Cluster cluster, StaticRegistry registry, String settings) {
    this.cluster = cluster;
    this.registry = registry;
    this.settings = settings;
  }

  /** Builds plugin and image, and has the runtime serve the plugin. */
  static EtcdExample install(Cluster cluster, NodeFaults nodes) {
    build();
    Path image = FOLDER.resolve("target").resolve("etcd.tar");
    run(FOLDER, "image/build", VERSION, image.toString());
    nodes.loadImage(image);
    URI server = URI.create(cluster.client.getMasterUrl().toString());
    var registry = StaticRegistry.serve(address(server.getHost()), "etcd", "1.0.0", ZIP);
    String before = settings(cluster).getData().get(SETTINGS);
    var example = new EtcdExample(cluster, registry, before);
    example.configure(trusting(before, registry.address()));
    String manifest =
        read("plugin.yaml").replace("registry.example.com/upm/etcd", registry.address() + "/etcd");
    cluster
        .client
        .resource(Serialization.unmarshal(manifest, Plugin.class))
        .fieldManager("acceptance")
        .serverSideApply();
    cluster.await(
        "the plugin serves",
        () ->
            plugin(cluster)
                .map(Plugin::getStatus)
                .filter(status -> Conditions.isTrue(status.conditions(), "Ready"))
                .isPresent());
    return example;
  }

  private static String trusting(String settings, String registry) {
    try {
      ObjectNode all = (ObjectNode) JSON.readTree(settings);
      all.putArray("unencryptedRegistries").add(registry);
      return all.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Plugin> plugin(Cluster cluster) {
    return Optional.ofNullable(cluster.client.resources(Plugin.class).withName("etcd").get());
  }

  static String read(String file) {
    try {
      return Files.readString(FOLDER.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@code mvn verify} in the folder of the example. */
  private static void build() {
    try {
      Path repository = released(Files.createTempDirectory("m2"));
      run(FOLDER, "mvn", "-q", "-B", "-Dmaven.repo.local=" + repository, "clean", "verify");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The local repository with what was built here in place of whatever UPM is in it. */
  private static Path released(Path repository) throws IOException {
    Path usual =
        Path.of(
            System.getProperty(
                "maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
    Path own = Files.createDirectories(repository.resolve("io").resolve("upm"));
    link(usual, repository, "io");
    link(usual.resolve("io"), repository.resolve("io"), "upm");
    install(ROOT, own, "upm-parent");
    for (String module : RELEASED) {
      Path folder = install(ROOT.resolve(module), own, module);
      String jar = module + "-0.1.0.jar";
      Files.copy(ROOT.resolve(module).resolve("target").resolve(jar), folder.resolve(jar));
    }
    return repository;
  }

  private static Path install(Path module, Path own, String artifact) throws IOException {
    Path folder = Files.createDirectories(own.resolve(artifact).resolve("0.1.0"));
    Files.copy(
        module.resolve("pom.xml"),
        folder.resolve(artifact + "-0.1.0.pom"),
        StandardCopyOption.REPLACE_EXISTING);
    return folder;
  }

  private static void link(Path from, Path to, String but) throws IOException {
    try (Stream<Path> all = Files.list(from)) {
      for (Path one : all.filter(path -> !path.endsWith(but)).toList()) {
        Files.createSymbolicLink(to.resolve(one.getFileName()), one);
      }
    }
  }

  /** Settings are read when the runtime starts; Helm would have its Pods replaced, too. */
  private void configure(String text) {
    ConfigMap map = settings(cluster);
    map.getData().put(SETTINGS, text);
    cluster.client.resource(map).update();
    Instant now = Instant.now();
    cluster
        .client
        .apps()
        .deployments()
        .inNamespace(SYSTEM)
        .withName("upm-runtime")
        .rolling()
        .restart();
    cluster.await("the runtime with other settings", () -> restarted(now));
  }

  private boolean restarted(Instant since) {
    var deployment =
        cluster.client.apps().deployments().inNamespace(SYSTEM).withName("upm-runtime").get();
    List<Pod> pods =
        cluster
            .client
            .pods()
            .inNamespace(SYSTEM)
            .withLabel("app.kubernetes.io/name", "upm-runtime")
            .list()
            .getItems();
    // Times in metadata are whole seconds.
    Set<Boolean> fresh =
        pods.stream()
            .map(pod ->
                !Instant.parse(pod.getMetadata().getCreationTimestamp())
                    .isBefore(since.minusSeconds(1)))
            .collect(Collectors.toSet());
    return fresh.equals(Set.of(true))
        && pods.size() == deployment.getSpec().getReplicas()
        && deployment.getSpec().getReplicas().equals(deployment.getStatus().getReadyReplicas());
  }

  private static ConfigMap settings(Cluster cluster) {
    return cluster.client.configMaps().inNamespace(SYSTEM).withName("upm-runtime").get();
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(Path folder, String... command) {
    Programs.run(folder, LIMIT, List.of(command)).orFail(List.of(command));
  }

  @Override
  public void close() {
    cluster.client.resources(Plugin.class).withName("etcd").delete();
    cluster.await("the plugin gone", () -> plugin(cluster).isEmpty());
    configure(settings);
    registry.close();
  }
}
