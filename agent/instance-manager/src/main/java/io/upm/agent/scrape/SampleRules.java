package io.upm.agent.scrape;

import io.upm.spi.metric.MetricFamily;
import io.upm.spi.metric.MetricSample;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** What a plugin's samples have to keep to, lest they spoil a scrape or a Prometheus. Pure. */
final class SampleRules {
  static final int MOST_SAMPLES = 2000;
  static final int LONGEST_LABEL = 256;

  /** The agent's own metrics. */
  private static final String OWN = "upm_";

  private SampleRules() {}

  private record Series(String family, List<String> labels) {}

  /**
   * The samples, those of a family together, families in the order they were declared.
   *
   * @throws IllegalArgumentException when one breaks a rule
   */
  static List<MetricSample> inOrder(List<MetricFamily> families, List<MetricSample> samples) {
    Map<String, Integer> places = places(families);
    require(
        samples.size() <= MOST_SAMPLES,
        "%d samples are more than %d".formatted(samples.size(), MOST_SAMPLES));
    var seen = new HashSet<Series>();
    for (MetricSample sample : samples) {
      String name = sample.family().name();
      Integer place = places.get(name);
      require(
          place != null && families.get(place).equals(sample.family()),
          "\"%s\" isn't a declared metric".formatted(name));
      require(
          sample.labels().stream().allMatch(label -> label.length() <= LONGEST_LABEL),
          "\"%s\" has a label of more than %d characters".formatted(name, LONGEST_LABEL));
      require(
          seen.add(new Series(name, sample.labels())),
          "\"%s\" has two samples with the same labels".formatted(name));
    }
    return samples.stream()
        .sorted(Comparator.comparing(sample -> places.getOrDefault(sample.family().name(), 0)))
        .toList();
  }

  private static Map<String, Integer> places(List<MetricFamily> families) {
    var places = new HashMap<String, Integer>();
    for (MetricFamily family : families) {
      require(!family.name().startsWith(OWN), "\"%s\" is a name of UPM's".formatted(family.name()));
      require(
          places.put(family.name(), places.size()) == null,
          "\"%s\" is declared twice".formatted(family.name()));
    }
    return places;
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
