package io.upm.runtime.unit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.upm.runtime.api.ResourceSpec;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.validation.ResourceRules;
import io.upm.spi.engine.Limits;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one container may use: as a template asks for it, as its Pod asks for it, and as it is.
 * Pure.
 */
final class PodResources {
  /** What Kubernetes can change in a running container. */
  private static final Set<String> RESIZABLE = Set.of("cpu", "memory");

  private PodResources() {}

  /** How far a change of a running container has come. */
  sealed interface Progress {
    /** The Pod doesn't ask for it yet. */
    record Due() implements Progress {}

    /** Kubernetes works on it, or waits; what for. */
    record Awaited(String what) implements Progress {}

    /** The node has no room for it now. */
    record Deferred(String why, String since) implements Progress {}

    /** It will never be, on this node. */
    record Impossible(String why) implements Progress {}

    /** The container has it. */
    record Done() implements Progress {}
  }

  /** What the container may use now: what the kubelet says, else what its Pod asks for. */
  static Limits limits(Pod pod, String container) {
    ResourceRequirements resources =
        status(pod, container)
            .map(ContainerStatus::getResources)
            .filter(actual -> actual.getLimits() != null && !actual.getLimits().isEmpty())
            .or(() -> find(pod, container).map(Container::getResources))
            .orElse(null);
    return resources == null || resources.getLimits() == null
        ? Limits.NONE
        : ResourceRules.limits(new ResourceSpec(resources.getLimits(), Map.of()));
  }

  /**
   * What a new Pod would ask for: a limit is also the request where none is given, as Kubernetes
   * has it.
   */
  static ResourceRequirements effective(@Nullable ResourceRequirements template) {
    var effective = new ResourceRequirements();
    if (template != null) {
      var requests = new TreeMap<>(orEmpty(template.getLimits()));
      requests.putAll(orEmpty(template.getRequests()));
      effective.setLimits(new TreeMap<>(orEmpty(template.getLimits())));
      effective.setRequests(requests);
    }
    return effective;
  }

  /**
   * Why a running Pod can't be given other resources; empty when it can be tried.
   *
   * @param before what it was asked to have when it was made or resized last
   * @param wanted what it is to have
   */
  static Optional<String> obstacle(
      Pod pod, String container, ResourceRequirements before, ResourceRequirements wanted) {
    for (boolean limits : new boolean[] {true, false}) {
      Map<String, BigDecimal> old = amounts(before, limits);
      Map<String, BigDecimal> next = amounts(wanted, limits);
      for (Map.Entry<String, BigDecimal> amount : old.entrySet()) {
        BigDecimal value = next.get(amount.getKey());
        if (value == null) {
          return Optional.of("a limit or request of %s is removed".formatted(amount.getKey()));
        }
      }
      for (Map.Entry<String, BigDecimal> amount : next.entrySet()) {
        boolean same = amount.getValue().equals(old.get(amount.getKey()));
        if (!same && !RESIZABLE.contains(amount.getKey())) {
          return Optional.of("%s can't be changed while a Pod runs".formatted(amount.getKey()));
        }
      }
    }
    BigDecimal memory = amounts(wanted, true).get("memory");
    // It may have more than before already, when a change is reverted on its way.
    if (less(amounts(before, true).get("memory"), memory)
        || less(BigDecimal.valueOf(limits(pod, container).memoryBytes()), memory)) {
      return Optional.of("the limit of memory shrinks, and the engine uses what it had");
    }
    return qualityOfService(pod, "", wanted).equals(qualityOfService(pod, container, wanted))
        ? Optional.empty()
        : Optional.of("the Pod would get another quality of service class");
  }

  static Progress progress(Pod pod, String container, ResourceRequirements wanted) {
    Optional<ResourceRequirements> asked = find(pod, container).map(Container::getResources);
    if (asked.isEmpty() || !holds(asked.get(), wanted)) {
      return new Progress.Due();
    }
    Optional<PodCondition> pending = condition(pod, "PodResizePending");
    if (pending.isPresent()) {
      String why = text(pending.get().getMessage(), "no reason is given");
      return "Deferred".equals(pending.get().getReason())
          ? new Progress.Deferred(why, text(pending.get().getLastTransitionTime(), ""))
          : new Progress.Impossible(why);
    }
    boolean actual =
        status(pod, container)
            .map(ContainerStatus::getResources)
            .map(resources -> holds(resources, wanted))
            .orElse(false);
    Optional<PodCondition> working = condition(pod, "PodResizeInProgress");
    if (actual && working.isEmpty()) {
      return new Progress.Done();
    }
    return new Progress.Awaited(
        working
            .map(PodCondition::getMessage)
            .filter(message -> !message.isEmpty())
            .map(message -> "the kubelet tries to resize the container: " + message)
            .orElse("the kubelet resizes the container"));
  }

  /** Strategic merge patch that asks for other resources. */
  static String patch(Pod pod, String container, ResourceRequirements wanted) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").put("uid", pod.getMetadata().getUid());
    ObjectNode one = patch.putObject("spec").putArray("containers").addObject();
    one.put("name", container);
    one.set("resources", Canonical.tree(wanted));
    return patch.toString();
  }

  static boolean sameMemory(ResourceRequirements one, ResourceRequirements other) {
    BigDecimal before = amounts(one, true).getOrDefault("memory", BigDecimal.ZERO);
    return before.equals(amounts(other, true).getOrDefault("memory", BigDecimal.ZERO));
  }

  private static boolean holds(ResourceRequirements actual, ResourceRequirements wanted) {
    return contains(amounts(actual, true), amounts(wanted, true))
        && contains(amounts(actual, false), amounts(wanted, false));
  }

  /** What others added, such as a LimitRange, doesn't matter. */
  private static boolean contains(Map<String, BigDecimal> actual, Map<String, BigDecimal> wanted) {
    return wanted.entrySet().stream()
        .allMatch(amount -> amount.getValue().equals(actual.get(amount.getKey())));
  }

  private static boolean less(@Nullable BigDecimal before, @Nullable BigDecimal after) {
    return after != null && before != null && after.compareTo(before) < 0;
  }

  /**
   * The class of the Pod when one container has other resources.
   *
   * @param changed name of that container; empty for none
   */
  private static String qualityOfService(Pod pod, String changed, ResourceRequirements resources) {
    boolean any = false;
    boolean full = true;
    for (Container container :
        Stream.concat(
                pod.getSpec().getContainers().stream(), pod.getSpec().getInitContainers().stream())
            .toList()) {
      ResourceRequirements its =
          changed.equals(container.getName())
              ? merged(container.getResources(), resources)
              : effective(container.getResources());
      for (String name : RESIZABLE) {
        BigDecimal limit = amounts(its, true).get(name);
        BigDecimal request = amounts(its, false).get(name);
        any |= limit != null || request != null;
        full &= limit != null && limit.equals(request);
      }
    }
    return full ? "Guaranteed" : any ? "Burstable" : "BestEffort";
  }

  private static ResourceRequirements merged(
      @Nullable ResourceRequirements live, ResourceRequirements wanted) {
    ResourceRequirements merged = effective(live);
    merged.getLimits().putAll(orEmpty(wanted.getLimits()));
    merged.getRequests().putAll(orEmpty(wanted.getRequests()));
    return merged;
  }

  private static Map<String, BigDecimal> amounts(ResourceRequirements resources, boolean limits) {
    return ResourceRules.amounts(orEmpty(limits ? resources.getLimits() : resources.getRequests()));
  }

  private static Map<String, Quantity> orEmpty(@Nullable Map<String, Quantity> map) {
    return map == null ? Map.of() : map;
  }

  private static Optional<Container> find(Pod pod, String name) {
    return pod.getSpec() == null
        ? Optional.empty()
        : pod.getSpec().getContainers().stream()
            .filter(container -> name.equals(container.getName()))
            .findFirst();
  }

  private static Optional<ContainerStatus> status(Pod pod, String name) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getContainerStatuses().stream()
            .filter(status -> name.equals(status.getName()))
            .findFirst();
  }

  private static Optional<PodCondition> condition(Pod pod, String type) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getConditions().stream()
            .filter(one -> type.equals(one.getType()) && "True".equals(one.getStatus()))
            .findFirst();
  }

  private static String text(@Nullable String value, String otherwise) {
    return value == null || value.isEmpty() ? otherwise : value;
  }
}
