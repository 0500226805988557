package io.upm.runtime.validation;

import io.fabric8.kubernetes.api.model.Quantity;
import io.upm.runtime.api.ResourceSpec;
import io.upm.spi.Problem;
import io.upm.spi.engine.Limits;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** CPU and memory. */
public final class ResourceRules {
  private static final Set<String> NAMES = Set.of("cpu", "memory", "ephemeral-storage");
  private static final String CPU = "cores, such as 2 or 500m";

  private ResourceRules() {}

  static List<Problem> check(SetSubject subject) {
    ResourceSpec resources = subject.spec().resources();
    if (resources == null) {
      return List.of();
    }
    var problems = new ArrayList<Problem>();
    amounts("spec.resources.limits", resources.limits(), problems);
    amounts("spec.resources.requests", resources.requests(), problems);
    if (!problems.isEmpty()) {
      return problems;
    }
    resources
        .requests()
        .forEach((name, request) -> order(name, request, resources.limits().get(name), problems));
    subject
        .engine()
        .ifPresent(engine -> floor(engine.descriptor().minimum(), limits(resources), problems));
    return problems;
  }

  /** What the configuration is sized from; a limit that isn't given counts as none. */
  public static Limits limits(@Nullable ResourceSpec resources) {
    if (resources == null) {
      return Limits.NONE;
    }
    BigDecimal memory = amount(resources.limits().get("memory"));
    BigDecimal cpu = amount(resources.limits().get("cpu"));
    return new Limits(memory.longValue(), cpu.movePointRight(3).longValue());
  }

  /** Amounts as numbers, so that 1Gi and 1024Mi are the same. */
  public static Map<String, BigDecimal> amounts(Map<String, Quantity> quantities) {
    var amounts = new TreeMap<String, BigDecimal>();
    quantities.forEach(
        (name, quantity) -> amounts.put(name, amount(quantity).stripTrailingZeros()));
    return amounts;
  }

  private static BigDecimal amount(@Nullable Quantity quantity) {
    return quantity == null
        ? BigDecimal.ZERO
        : Sizes.parse(Sizes.text(quantity)).orElse(BigDecimal.ZERO);
  }

  private static void amounts(String field, Map<String, Quantity> amounts, List<Problem> problems) {
    amounts.forEach((name, quantity) -> {
      if (!NAMES.contains(name)) {
        problems.add(new Problem(field, name, "one of cpu, memory, ephemeral-storage"));
        return;
      }
      String text = Sizes.text(quantity);
      Optional<BigDecimal> amount =
          name.equals("cpu")
              ? Sizes.parse(text).filter(value -> value.signum() > 0)
              : Sizes.bytes(text);
      if (amount.isEmpty()) {
        problems.add(
            new Problem(field + "." + name, text, name.equals("cpu") ? CPU : Sizes.ALLOWED));
      }
    });
  }

  private static void order(
      String name, Quantity request, @Nullable Quantity limit, List<Problem> problems) {
    if (limit != null && amount(request).compareTo(amount(limit)) > 0) {
      problems.add(
          new Problem(
              "spec.resources.requests." + name,
              Sizes.text(request),
              "at most the limit, " + Sizes.text(limit)));
    }
  }

  private static void floor(Limits minimum, Limits limits, List<Problem> problems) {
    if (limits.memoryBytes() > 0 && limits.memoryBytes() < minimum.memoryBytes()) {
      problems.add(
          new Problem(
              "spec.resources.limits.memory",
              limits.memoryMiB() + "Mi",
              "at least %dMi: the configuration can't be sized for less"
                  .formatted(minimum.memoryMiB())));
    }
    if (limits.cpuMillis() > 0 && limits.cpuMillis() < minimum.cpuMillis()) {
      problems.add(
          new Problem(
              "spec.resources.limits.cpu",
              limits.cpuMillis() + "m",
              "at least %dm".formatted(minimum.cpuMillis())));
    }
  }
}
