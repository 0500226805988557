package io.upm.runtime.validation;

import io.upm.runtime.api.TopologySpreadSpec;
import io.upm.runtime.api.TopologySpreadSpec.Unsatisfiable;
import io.upm.spi.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** How units are spread. */
final class SpreadRules {
  private static final String FIELD = "spec.topologySpreadConstraints.";

  private SpreadRules() {}

  static List<Problem> check(List<TopologySpreadSpec> constraints) {
    var problems = new ArrayList<Problem>();
    var seen = new HashSet<String>();
    for (TopologySpreadSpec constraint : constraints) {
      String key = constraint.topologyKey() == null ? "" : constraint.topologyKey();
      if (!LabelKeys.areLike(key)) {
        problems.add(new Problem(FIELD + "topologyKey", key, LabelKeys.ALLOWED));
      } else if (!seen.add(key + " " + constraint.whenUnsatisfiable())) {
        problems.add(
            new Problem(FIELD + "topologyKey", key, "each key once with one whenUnsatisfiable"));
      }
      numbers(FIELD + key, constraint, problems);
    }
    return problems;
  }

  private static void numbers(String field, TopologySpreadSpec constraint, List<Problem> problems) {
    if (constraint.maxSkew() < 1) {
      problems.add(
          new Problem(
              field + ".maxSkew", Integer.toString(constraint.maxSkew()), "a number from 1 on"));
    }
    if (constraint.whenUnsatisfiable() == null) {
      problems.add(
          new Problem(field + ".whenUnsatisfiable", "", "DoNotSchedule or ScheduleAnyway"));
    }
    Integer domains = constraint.minDomains();
    if (domains != null && domains < 1) {
      problems.add(new Problem(field + ".minDomains", domains.toString(), "a number from 1 on"));
    } else if (domains != null && constraint.whenUnsatisfiable() == Unsatisfiable.SCHEDULE_ANYWAY) {
      problems.add(
          new Problem(
              field + ".minDomains", domains.toString(), "DoNotSchedule with it, or leave it out"));
    }
  }
}
