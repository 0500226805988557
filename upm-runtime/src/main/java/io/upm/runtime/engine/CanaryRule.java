package io.upm.runtime.engine;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Which UnitSets a new version of a plugin serves first. Pure, and the same in every process: a set
 * that was chosen for some percent is chosen for more, too.
 *
 * @param percent share of all sets; used when there are no labels
 * @param labels labels that chosen sets have; empty for a share of all
 */
public record CanaryRule(int percent, Map<String, String> labels) {
  private static final int ALL = 100;

  public CanaryRule {
    labels = Map.copyOf(labels);
  }

  /** Whether a set with these labels is among them. */
  public boolean takes(SetRef set, Map<String, String> own) {
    return labels.isEmpty() ? share(set) < percent : own.entrySet().containsAll(labels.entrySet());
  }

  /** From 0 to 99, spread evenly. */
  private static int share(SetRef set) {
    var sum = new CRC32();
    sum.update(set.fullName().getBytes(StandardCharsets.UTF_8));
    return (int) (sum.getValue() % ALL);
  }
}
