package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.plugin.PluginSettings;
import io.upm.runtime.plugin.PluginTrust;
import io.upm.runtime.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is deleted first, all of it goes, and nobody has to edit a finalizer. Each order has a
 * namespace of its own; they share the runtime and the one Plugin.
 */
@Timeout(300)
@Tag("side-by-side")
class DeletionIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** What is deleted in a namespace before the Plugin is, and what after. */
  private record Order(TestCluster cluster, List<Thing> before, List<Thing> after) {
    UnitSet set() {
      return cluster.get(UnitSet.class, "db");
    }

    Map<String, String> pods() {
      return cluster.all(Pod.class).stream()
          .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
          .collect(
              Collectors.toMap(
                  pod -> pod.getMetadata().getName(), pod -> pod.getMetadata().getUid()));
    }
  }

  /** What is deleted beside the Plugin. */
  private enum Thing {
    UNIT_SET {
      @Override
      void delete(TestCluster from) {
        from.set("db").delete();
      }

      @Override
      void assertGone(TestCluster from) {
        assertThat(
                Stream.<Class<? extends HasMetadata>>of(UnitSet.class, Unit.class, Pod.class)
                    .flatMap(kind -> from.all(kind).stream()))
            .isEmpty();
      }
    },
    NAMESPACE {
      @Override
      void delete(TestCluster from) {
        from.client().namespaces().withName(from.namespace()).delete();
      }

      @Override
      void assertGone(TestCluster from) {
        assertThat(from.client().namespaces().withName(from.namespace()).get()).isNull();
      }
    };

    abstract void delete(TestCluster from);

    abstract void assertGone(TestCluster from);
  }

  private final List<Order> orders = new ArrayList<>();

  /** Where the runtime itself is: its lease must outlive what is deleted. */
  private TestCluster home;

  private RunningPlugins runtime;
  private String id;

  @TempDir private Path root;

  @BeforeEach
  void open() throws Exception {
    home = TestCluster.open();
    order(List.of(), List.of(Thing.UNIT_SET, Thing.NAMESPACE));
    order(List.of(), List.of(Thing.NAMESPACE, Thing.UNIT_SET));
    order(List.of(Thing.UNIT_SET), List.of(Thing.NAMESPACE));
    order(List.of(Thing.NAMESPACE), List.of(Thing.UNIT_SET));
    order(List.of(Thing.UNIT_SET, Thing.NAMESPACE), List.of());
    order(List.of(Thing.NAMESPACE, Thing.UNIT_SET), List.of());
    id = "toy-" + home.namespace();
    ToyZip.sound(id, "1.0.0", "1 2").write(root.resolve("toy.zip"));
    runtime =
        new RunningPlugins(
            home,
            root,
            new PluginSettings(
                home.namespace(),
                root.resolve("cache"),
                root.resolve("trial"),
                PluginTrust.DEFAULT),
            orders.stream()
                .map(order -> order.cluster().namespace())
                .collect(Collectors.toUnmodifiableSet()));
    install();
    orders.forEach(order ->
        order.cluster().apply("db", "spec/type=toy", "spec/version=1.2.3", "spec/units=2"));
    await().atMost(SOON).until(() -> orders.stream().allMatch(order -> order.pods().size() == 2));
  }

  private void order(List<Thing> before, List<Thing> after) throws IOException {
    orders.add(new Order(TestCluster.open(), before, after));
  }

  @AfterEach
  void close() {
    if (runtime != null) {
      runtime.close();
    }
    orders.forEach(order -> order.cluster().close());
    if (home != null) {
      deletePlugin();
      home.close();
    }
  }

  @Test
  void endsInAnyOrderWhenAllIsDeletedAtOnce() {
    orders.forEach(order -> order.before().forEach(thing -> thing.delete(order.cluster())));
    deletePlugin();
    orders.forEach(order -> order.after().forEach(thing -> thing.delete(order.cluster())));

    awaitGone(this::assertPluginGone);
    orders.forEach(order ->
        awaitGone(() -> {
          Thing.UNIT_SET.assertGone(order.cluster());
          Thing.NAMESPACE.assertGone(order.cluster());
        }));
  }

  @Test
  void endsInAnyOrderWhenEachIsGoneBeforeTheNextIsDeleted() {
    List<Order> orphans = orders.stream().filter(order -> order.before().isEmpty()).toList();
    oneByOne(Order::before);
    List<Map<String, String>> pods = orphans.stream().map(Order::pods).toList();

    deletePlugin();
    awaitGone(this::assertPluginGone);
    orphans.forEach(order -> await().atMost(LIMIT).untilAsserted(() -> assertOrphaned(order)));
    await()
        .during(QUIET)
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(orphans.stream().map(Order::pods).toList())
                .as("Pods of databases whose plugin is gone")
                .isEqualTo(pods)
                .allSatisfy(each -> assertThat(each).hasSize(2)));

    oneByOne(Order::after);
  }

  /** The first of each order in all namespaces, then the second. */
  private void oneByOne(Function<Order, List<Thing>> things) {
    for (int at = 0; at < 2; at++) {
      int turn = at;
      List<Order> concerned =
          orders.stream().filter(order -> things.apply(order).size() > turn).toList();
      concerned.forEach(order -> things.apply(order).get(turn).delete(order.cluster()));
      concerned.forEach(
          order -> awaitGone(() -> things.apply(order).get(turn).assertGone(order.cluster())));
    }
  }

  private static void awaitGone(ThrowingRunnable assertion) {
    await().atMost(LIMIT).untilAsserted(assertion);
  }

  private void assertPluginGone() {
    assertThat(home.client().resources(Plugin.class).withName(id).get()).isNull();
    assertThat(runtime.plugins().find("toy")).isEmpty();
  }

  private static void assertOrphaned(Order order) {
    List<Condition> conditions = order.set().getStatus().conditions();
    Condition degraded = Conditions.find(conditions, "Degraded").orElseThrow();
    assertThat(degraded.getStatus()).isEqualTo("True");
    assertThat(degraded.getReason()).isEqualTo("PluginMissing");
    assertThat(degraded.getMessage())
        .isEqualTo("no plugin serves \"toy\": install one; the units go on as they are");
  }

  private void deletePlugin() {
    home.client().resources(Plugin.class).withName(id).delete();
  }

  private void install() {
    var plugin = new Plugin();
    plugin.setMetadata(new ObjectMetaBuilder().withName(id).build());
    plugin.setSpec(
        new PluginPackageSpec(
            "file://" + root.resolve("toy.zip"), "1.0.0", null, null, null, Map.of(), null));
    home.client().resource(plugin).forceConflicts().fieldManager("user").serverSideApply();
    await().atMost(SOON).until(() -> runtime.plugins().find("toy").isPresent());
  }
}
