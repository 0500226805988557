package io.upm.runtime.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.topology.RoutePlan.Effect;
import io.upm.runtime.topology.RoutePlan.LabelledPod;
import io.upm.runtime.topology.RoutePlan.Labels;
import io.upm.spi.topology.NodeReport.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RoutePlanTest {
  private static final Labels LABELS = new Labels("toy", "demo");
  private static final List<String> PODS = List.of("demo-0", "demo-1", "demo-2");

  /** What a node can be found as; null stands for "could not be read". */
  private static final List<@Nullable Optional<Route>> FOUND = new ArrayList<>();

  private static final List<Optional<Route>> HAD =
      List.of(Optional.empty(), Optional.of(Route.READONLY), Optional.of(Route.READWRITE));

  static {
    FOUND.addAll(HAD);
    FOUND.add(null);
  }

  /** Every way in which three Pods can be labelled, against every way they can be found. */
  @Test
  void writesNeverLeadToTwoPodsUnlessBothWereSeenToTakeThem() {
    int cases = 0;
    for (int had = 0; had < 27; had++) {
      for (int found = 0; found < 64; found++) {
        check(had, found);
        cases++;
      }
    }
    assertThat(cases).isEqualTo(1728);
  }

  private static void check(int had, int found) {
    var pods = new TreeMap<String, Map<String, String>>();
    var observed = new HashMap<String, Route>();
    var unread = new ArrayList<String>();
    for (int index = 0; index < PODS.size(); index++) {
      pods.put(PODS.get(index), labels(HAD.get(had / (int) Math.pow(3, index) % 3)));
      Optional<Route> seen = FOUND.get(found / (int) Math.pow(4, index) % 4);
      if (seen == null) {
        unread.add(PODS.get(index));
      } else if (seen.isPresent()) {
        observed.put(PODS.get(index), seen.get());
      }
    }
    var routes = new Routes(observed, Set.copyOf(unread), unread.size() == PODS.size());
    long writersSeen = observed.values().stream().filter(Route.READWRITE::equals).count();
    long writersBefore = writers(pods);
    for (RoutePlan.Change change : plan(routes, pods).changes()) {
      apply(pods, change);
      assertThat(writers(pods))
          .as("%s had %d", routes, had)
          .isLessThanOrEqualTo(Math.max(Math.max(writersSeen, writersBefore), 1));
      if (change.effect() == Effect.GRANTS_WRITES) {
        assertThat(writers(pods)).isLessThanOrEqualTo(writersSeen);
      }
    }
    observed.forEach((name, route) ->
        assertThat(LABELS.current(pods.getOrDefault(name, Map.of())))
            .isEqualTo(Optional.of(route)));
    assertThat(plan(routes, pods).changes()).isEmpty();
    if (routes.cutOff()) {
      assertThat(writers(pods)).isEqualTo(writersBefore);
    }
  }

  @Test
  void aNodeWithoutARouteLosesItsLabels() {
    var change = plan(routes(Map.of()), Map.of("demo-0", labels(Optional.of(Route.READONLY))));
    assertThat(change.changes()).hasSize(1);
    assertThat(change.changes().getFirst().labels())
        .containsEntry("toy.name", null)
        .containsEntry("toy.readonly", null);
    assertThat(change.changes().getFirst().uid()).isEqualTo("uid-demo-0");
  }

  @Test
  void onlyWhatDiffersIsChanged() {
    var change =
        plan(
            routes(Map.of("demo-0", Route.READWRITE)),
            Map.of("demo-0", labels(Optional.of(Route.READONLY))));
    assertThat(change.changes().getFirst().labels()).isEqualTo(Map.of("toy.readonly", "false"));
  }

  @Test
  void aPodOfAnotherTopologyIsLeftAlone() {
    var pods =
        List.of(
            new LabelledPod("demo-0", "1", Map.of("toy.name", "other", "toy.readonly", "true")));
    var wanted = routes(Map.of("demo-0", Route.READWRITE));
    var plan = RoutePlan.of(LABELS, wanted, pods, List.of("other", "demo"));
    assertThat(plan.changes()).isEmpty();
    assertThat(plan.foreign()).containsExactly("demo-0");
    assertThat(RoutePlan.of(LABELS, routes(Map.of()), pods, List.of("other", "demo")).foreign())
        .isEmpty();
    assertThat(RoutePlan.of(LABELS, routes(Map.of()), pods, List.of()).changes()).isEmpty();
    assertThat(RoutePlan.of(LABELS, wanted, pods, List.of("demo")).changes()).hasSize(1);
  }

  @Test
  void aNodeOutsideLosesItsReadsUnlessTheObserverIsCutOff() {
    var one = new Routes(Map.of("b", Route.READONLY), Set.of("a"), false);
    assertThat(one.ofExternal("a", Optional.of(Route.READONLY))).isEmpty();
    assertThat(one.ofExternal("a", Optional.of(Route.READWRITE))).contains(Route.READWRITE);
    var all = new Routes(Map.of(), Set.of("a", "b"), true);
    assertThat(all.ofExternal("a", Optional.of(Route.READONLY))).contains(Route.READONLY);
    assertThat(all.ofExternal("a", Optional.empty())).isEmpty();
  }

  private static Routes routes(Map<String, Route> observed) {
    return new Routes(observed, Set.of(), false);
  }

  private static RoutePlan plan(Routes routes, Map<String, Map<String, String>> pods) {
    List<LabelledPod> list =
        pods.entrySet().stream()
            .map(pod -> new LabelledPod(pod.getKey(), "uid-" + pod.getKey(), pod.getValue()))
            .toList();
    return RoutePlan.of(LABELS, routes, list, List.of("demo"));
  }

  private static Map<String, String> labels(Optional<Route> route) {
    return route.map(LABELS::selector).orElse(Map.of());
  }

  private static void apply(Map<String, Map<String, String>> pods, RoutePlan.Change change) {
    var labels = new TreeMap<>(pods.getOrDefault(change.pod(), Map.of()));
    change
        .labels()
        .forEach((key, value) -> {
          if (value == null) {
            labels.remove(key);
          } else {
            labels.put(key, value);
          }
        });
    pods.put(change.pod(), labels);
  }

  private static long writers(Map<String, Map<String, String>> pods) {
    return pods.values().stream()
        .filter(labels -> LABELS.current(labels).equals(Optional.of(Route.READWRITE)))
        .count();
  }
}
