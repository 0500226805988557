package io.upm.runtime.topology;

import io.upm.spi.topology.NodeReport.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes to the labels on Pods by which Services find them. Only what differs is changed, and
 * writes are taken away from a Pod before they are given to another, so that there are never two at
 * a time. Pure.
 *
 * @param changes in the order in which they are to be made
 * @param foreign Pods that carry the label of another topology object, and are left alone
 */
record RoutePlan(List<Change> changes, List<String> foreign) {
  /** What a change does about writes; in the order in which changes are made. */
  enum Effect {
    WITHDRAWS_WRITES,
    OTHER,
    GRANTS_WRITES
  }

  /**
   * New labels of one Pod.
   *
   * @param uid of the Pod that was looked at; another Pod of the name is left alone
   * @param labels null removes one
   */
  record Change(String pod, String uid, Map<String, @Nullable String> labels, Effect effect) {}

  /** A Pod and its labels. */
  record LabelledPod(String name, String uid, Map<String, String> labels) {}

  /** The two labels of one topology object. */
  record Labels(String prefix, String name) {
    String nameKey() {
      return prefix + ".name";
    }

    String readonlyKey() {
      return prefix + ".readonly";
    }

    /** What a Service selects. */
    Map<String, String> selector(Route route) {
      return Map.of(nameKey(), name, readonlyKey(), value(route));
    }

    Optional<Route> current(Map<String, String> labels) {
      if (!name.equals(labels.get(nameKey()))) {
        return Optional.empty();
      }
      String value = labels.get(readonlyKey());
      return "true".equals(value)
          ? Optional.of(Route.READONLY)
          : "false".equals(value) ? Optional.of(Route.READWRITE) : Optional.empty();
    }

    static String value(Route route) {
      return route == Route.READONLY ? "true" : "false";
    }
  }

  RoutePlan {
    changes = List.copyOf(changes);
    foreign = List.copyOf(foreign);
  }

  /**
   * @param pods Pods of the nodes, and all others that carry the object's label
   * @param others names of other topology objects of the kind in the namespace
   */
  static RoutePlan of(
      Labels labels, Routes routes, List<LabelledPod> pods, Collection<String> others) {
    var changes = new ArrayList<Change>();
    var foreign = new ArrayList<String>();
    for (LabelledPod pod : pods) {
      String owner = pod.labels().get(labels.nameKey());
      if (owner != null && !owner.equals(labels.name()) && others.contains(owner)) {
        if (routes.observed().containsKey(pod.name())) {
          foreign.add(pod.name());
        }
        continue;
      }
      change(labels, routes, pod).ifPresent(changes::add);
    }
    changes.sort(Comparator.comparing(Change::effect).thenComparing(Change::pod));
    return new RoutePlan(changes, foreign);
  }

  boolean grantsWrites() {
    return changes.stream().anyMatch(change -> change.effect() == Effect.GRANTS_WRITES);
  }

  private static Optional<Change> change(Labels labels, Routes routes, LabelledPod pod) {
    Optional<Route> current = labels.current(pod.labels());
    Optional<Route> wanted = routes.ofPod(pod.name(), current);
    boolean ours = labels.name().equals(pod.labels().get(labels.nameKey()));
    if (wanted.isEmpty() && !ours) {
      return Optional.empty();
    }
    var target = new TreeMap<String, @Nullable String>();
    target.put(labels.nameKey(), wanted.isPresent() ? labels.name() : null);
    target.put(labels.readonlyKey(), wanted.map(Labels::value).orElse(null));
    var different = new TreeMap<String, @Nullable String>();
    target.forEach((key, value) -> {
      if (!Objects.equals(value, pod.labels().get(key))) {
        different.put(key, value);
      }
    });
    if (different.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Change(pod.name(), pod.uid(), different, effect(current, wanted)));
  }

  private static Effect effect(Optional<Route> current, Optional<Route> wanted) {
    boolean had = current.filter(Route.READWRITE::equals).isPresent();
    boolean has = wanted.filter(Route.READWRITE::equals).isPresent();
    if (had == has) {
      return Effect.OTHER;
    }
    return had ? Effect.WITHDRAWS_WRITES : Effect.GRANTS_WRITES;
  }
}
