package io.upm.runtime.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.StuckCallException;
import io.upm.runtime.engine.ImageOverrides;
import io.upm.runtime.engine.PluginDirectory;
import io.upm.runtime.engine.ToyZip;
import io.upm.spi.PluginException;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.Node;
import io.upm.spi.topology.NodeCall;
import io.upm.spi.topology.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class LiveNodesTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration LIMIT = Duration.ofMillis(300);

  private PluginDirectory plugins;
  private LoadedPlugin plugin;
  private LiveNodes nodes;

  @TempDir private Path temporary;

  @BeforeEach
  void load() throws Exception {
    new ToyZip("toy", "1.0.0").write(temporary.resolve("plugins/toy.zip"));
    plugins =
        new PluginDirectory(
            temporary.resolve("plugins"), temporary.resolve("work"), ImageOverrides.NONE);
    plugin = plugins.engines().getFirst().loaded();
    nodes =
        new LiveNodes(
            List.of(node("a"), node("b"), node("c")),
            purpose -> {
              throw PluginException.user("Secret db/x is missing");
            },
            plugin,
            InstantSource.fixed(NOW));
  }

  @AfterEach
  void unload() {
    plugins.close();
  }

  private static Node node(String name) {
    return new Node(new Endpoint(name, "127.0.0.1", 1), false, Optional.empty());
  }

  /** As a plugin does it: from inside a call. */
  private <T> Map<String, Reading<T>> read(NodeCall<T> call) {
    return plugin.call("observe", any -> nodes.readAll(LIMIT, call));
  }

  @Test
  void readsAllAtTheSameTime() {
    var together = new CountDownLatch(3);
    var readings =
        read(node -> {
          together.countDown();
          together.await();
          return node.name();
        });
    assertThat(readings.get("b")).isEqualTo(Reading.of("b", NOW));
    assertThat(nodes.unread()).isEmpty();
  }

  @Test
  void whatFailsOrHangsIsUnknownForAReasonAndInterrupted() throws Exception {
    var interrupted = new CountDownLatch(1);
    var readings =
        read(node -> {
          switch (node.name()) {
            case "a" -> throw new IOException("outer", new IOException("connection refused"));
            case "b" -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
              }
            }
            default -> {}
          }
          return node.name();
        });
    assertThat(of(readings, "a").why()).isEqualTo("outer (connection refused)");
    assertThat(of(readings, "b").why()).isEqualTo("no answer within 300 ms");
    assertThat(of(readings, "c").known()).isTrue();
    assertThat(nodes.unread()).containsExactlyInAnyOrder("a", "b");
    interrupted.await();
    assertThat(plugin.faults()).isZero();
  }

  @Test
  void anErrorMakesTheNodeUnknownToo() {
    var readings =
        read(node -> {
          throw new NoClassDefFoundError("driver");
        });
    assertThat(of(readings, "a").why()).contains("NoClassDefFoundError");
  }

  @Test
  void callsRunWithThePluginsClassLoader() {
    var loaders = read(node -> Thread.currentThread().getContextClassLoader());
    ClassLoader own = plugin.call("loader", any -> any.getClass().getClassLoader());
    assertThat(of(loaders, "a").value()).contains(own);
  }

  @Test
  void doesSomethingOnOneNode() {
    String done = plugin.call("act", any -> nodes.on("b", LIMIT, Node::name));
    assertThat(done).isEqualTo("b");
    assertThatThrownBy(() -> act("b", new IOException("broken pipe")))
        .isInstanceOfSatisfying(
            PluginException.class,
            failure -> assertThat(failure.kind()).isEqualTo(PluginException.Kind.TRANSIENT))
        .hasMessage("b: broken pipe");
    assertThatThrownBy(() -> act("b", PluginException.user("no")))
        .isInstanceOfSatisfying(
            PluginException.class,
            failure -> assertThat(failure.kind()).isEqualTo(PluginException.Kind.USER))
        .hasMessage("no");
    assertThatThrownBy(() -> act("z", new IOException("never")))
        .hasMessageContaining("there is no node \"z\"");
    assertThatThrownBy(() -> nodes.credential("admin")).hasMessage("Secret db/x is missing");
  }

  private void act(String node, Exception failure) {
    plugin.run(
        "act",
        any ->
            nodes.on(
                node,
                LIMIT,
                one -> {
                  throw failure;
                }));
  }

  @Test
  void aCallThatDoesNotEndKeepsItsLane() throws Exception {
    var lane = new CallLane();
    var end = new CountDownLatch(1);
    assertThatThrownBy(() -> lane.call(plugin, "decide", LIMIT, () -> spinUntil(end)))
        .isInstanceOf(StuckCallException.class)
        .hasMessageContaining("decide");
    assertThatThrownBy(() -> lane.call(plugin, "observe", LIMIT, () -> "never"))
        .isInstanceOf(StuckCallException.class)
        .hasMessageContaining("decide");
    end.countDown();
    org.awaitility.Awaitility.await()
        .ignoreExceptionsInstanceOf(StuckCallException.class)
        .until(() -> lane.call(plugin, "observe", LIMIT, () -> "free").equals("free"));
    assertThatThrownBy(() ->
            lane.call(
                plugin,
                "act",
                LIMIT,
                () -> {
                  throw new IllegalArgumentException("as it is");
                }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("as it is");
  }

  private static <T> Reading<T> of(Map<String, Reading<T>> readings, String node) {
    return Objects.requireNonNull(readings.get(node));
  }

  /** Does not care for interruption. */
  private static String spinUntil(CountDownLatch end) {
    while (end.getCount() > 0) {
      Thread.onSpinWait();
    }
    return "ended";
  }
}
