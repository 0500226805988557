package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.cli.UpmCli;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.plugin.PluginSettings;
import io.upm.runtime.plugin.PluginTrust;
import io.upm.runtime.testing.TestCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A runtime without a single plugin: it is a runtime, and says what it lacks. */
@Timeout(180)
@Tag("side-by-side")
class NoPluginIT {
  private static final Pattern PORT = Pattern.compile("serves on ports (\\d+) and");

  @TempDir private Path root;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private TestCluster cluster;

  @BeforeEach
  void open() throws IOException {
    cluster = TestCluster.open();
  }

  @AfterEach
  void close() {
    if (cluster != null) {
      cluster.client().resources(Plugin.class).withName("toy-" + cluster.namespace()).delete();
      cluster.close();
    }
  }

  @Test
  void isReadyAndSaysThatThereIsNoEngineAndWhatToDo() throws Exception {
    Process runtime = start();
    try {
      int port = port();
      assertThat(answer(port, "/readyz")).isEqualTo("ok");
      assertThat(answer(port, "/healthz")).isEqualTo("ok");
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            assertThat(run("plugin", "list")).isZero();
            assertThat(err.toString())
                .contains("there is no engine until one is installed: upm plugin install");
          });

      cluster.apply("db", "spec/type=toy", "spec/version=1.2.3", "spec/units=1");

      await().atMost(SOON).untilAsserted(() -> assertThat(valid().getStatus()).isEqualTo("False"));
      assertThat(valid().getReason()).isEqualTo("PluginMissing");
      assertThat(valid().getMessage())
          .isEqualTo(
              "spec.type: \"toy\" is not allowed: no plugin serves at the moment, so there is no"
                  + " type; \"upm plugin list\" says what is awaited, and \"upm plugin install\""
                  + " brings one");
      await().during(QUIET).atMost(SOON).untilAsserted(this::assertNothingMade);
      assertThat(run("status", "db", "--namespace", cluster.namespace())).isEqualTo(1);
      assertThat(out.toString())
          .contains("no plugin serves", "upm plugin install")
          .doesNotContain("kubectl");
    } finally {
      runtime.destroy();
      runtime.waitFor();
    }
  }

  @Test
  void goesOnByItselfWhenAPluginComes() throws Exception {
    String id = "toy-" + cluster.namespace();
    ToyZip.sound(id, "1.0.0", "1 2").write(root.resolve("toy.zip"));
    var settings =
        new PluginSettings(
            cluster.namespace(), root.resolve("cache"), root.resolve("trial"), PluginTrust.DEFAULT);
    try (var runtime = new RunningPlugins(cluster, root, settings)) {
      assertThat(runtime.plugins().all()).isEmpty();
      cluster.apply("db", "spec/type=toy", "spec/version=1.2.3", "spec/units=2");
      await().atMost(SOON).untilAsserted(() -> assertThat(valid().getStatus()).isEqualTo("False"));

      String source = "file://" + root.resolve("toy.zip");
      assertThat(run("plugin", "install", id, "1.0.0", "--source", source))
          .as(err.toString())
          .isZero();

      await().atMost(SOON).untilAsserted(() -> assertThat(cluster.all(Pod.class)).hasSize(2));
      await().atMost(SOON).untilAsserted(() -> assertThat(valid().getStatus()).isEqualTo("True"));
    }
  }

  /** A process of its own, as in its image, with nothing in the folder of plugins. */
  private Process start() throws IOException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    builder.redirectErrorStream(true).redirectOutput(log().toFile());
    var environment = builder.environment();
    environment.put("KUBECONFIG", TestCluster.kubeconfig());
    environment.put("POD_NAMESPACE", cluster.namespace());
    environment.put("POD_NAME", "nothing");
    environment.put("UPM_AGENT_IMAGE", "upm.local/nothing:1");
    environment.put("UPM_PLUGIN_DIRECTORY", Files.createDirectory(root.resolve("none")).toString());
    environment.put("UPM_WORK_DIRECTORY", root.resolve("work").toString());
    environment.put("UPM_PLUGIN_CACHE", root.resolve("cache").toString());
    environment.put("UPM_METRICS_PORT", "0");
    environment.put("UPM_WEBHOOK_PORT", "0");
    return builder.start();
  }

  private Path log() {
    return root.resolve("log");
  }

  private int port() {
    return await()
        .atMost(SOON)
        .until(
            () -> {
              Matcher port = PORT.matcher(Files.readString(log()));
              return port.find() ? Integer.parseInt(port.group(1)) : 0;
            },
            port -> port > 0);
  }

  private static String answer(int port, String path) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:%d%s".formatted(port, path));
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }

  private Condition valid() {
    UnitSet set = cluster.get(UnitSet.class, "db");
    return Conditions.find(set.getStatus() == null ? null : set.getStatus().conditions(), "Valid")
        .orElseThrow(() -> new AssertionError("nobody has looked yet"));
  }

  private void assertNothingMade() {
    assertThat(
            Stream.<Class<? extends HasMetadata>>of(Unit.class, Pod.class, Service.class)
                .flatMap(kind -> cluster.all(kind).stream()))
        .isEmpty();
  }

  private int run(String... command) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine tool = UpmCli.commandLine();
    tool.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return tool.execute(
        Stream.concat(Stream.of(command), Stream.of("--kubeconfig", TestCluster.kubeconfig()))
            .toArray(String[]::new));
  }
}
