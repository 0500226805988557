package io.upm.runtime.validation;

import io.upm.runtime.api.Names;
import io.upm.spi.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** All rules for a UnitSet. */
public final class SetRules {
  static final int MAXIMUM_UNITS = 999;
  private static final int LONGEST_SUFFIX = "-headless-svc".length();
  private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");

  private SetRules() {}

  /** Everything that is wrong; empty when the UnitSet can be carried out. */
  public static List<Problem> check(SetSubject subject) {
    return Stream.of(
            name(subject),
            EngineRules.check(subject),
            ResourceRules.check(subject),
            EnvironmentRules.check(subject),
            VolumeRules.check(subject),
            SecretRules.check(subject),
            CertificateRules.check(subject.spec()),
            PlacementRules.check(subject),
            PodRules.check(subject.spec()),
            ServiceRules.check(subject.spec()),
            MonitorRules.check(subject),
            subject
                .engine()
                .map(engine -> RestoreRules.check(subject.spec().restoreFrom(), engine))
                .orElse(List.of()))
        .flatMap(List::stream)
        .distinct()
        .toList();
  }

  private static List<Problem> name(SetSubject subject) {
    var problems = new ArrayList<Problem>();
    String name = subject.name();
    if (!NAME.matcher(name).matches()) {
      problems.add(
          new Problem(
              "metadata.name",
              name,
              "a letter, then lower-case letters, digits and dashes: Services are named after it"));
    }
    if (name.length() > Names.LIMIT - LONGEST_SUFFIX) {
      problems.add(
          new Problem(
              "metadata.name",
              name,
              "at most %d characters: names of at most %d are made from it"
                  .formatted(Names.LIMIT - LONGEST_SUFFIX, Names.LIMIT)));
    }
    int units = subject.spec().units();
    if (units < 1 || units > MAXIMUM_UNITS) {
      problems.add(
          new Problem(
              "spec.units", Integer.toString(units), "a whole number from 1 to " + MAXIMUM_UNITS));
    }
    return problems;
  }
}
