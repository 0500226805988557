package io.upm.runtime.validation;

import io.upm.runtime.api.TopologySpec;
import io.upm.runtime.api.UnitSetSpec;
import io.upm.runtime.engine.Engine;
import io.upm.spi.Problem;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.Mode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Engine, version, mode and parameters: what only the plugin knows. */
public final class EngineRules {
  /** Variable with the mode, from the time before {@code spec.topology}. */
  static final String MODE_VARIABLE = "ARCH_MODE";

  private static final Pattern EDITION = Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");

  private static final String NO_TYPE =
      "no plugin serves at the moment, so there is no type; \"upm plugin list\" says what is"
          + " awaited, and \"upm plugin install\" brings one";

  private EngineRules() {}

  static List<Problem> check(SetSubject subject) {
    var problems = new ArrayList<Problem>();
    UnitSetSpec spec = subject.spec();
    if (subject.engine().isEmpty()) {
      problems.add(typeProblem(spec.type(), subject.engines()));
    } else {
      plugin(subject, subject.engine().get(), problems);
      version(subject, subject.engine().get(), problems);
      mode(subject, subject.engine().get().descriptor(), problems);
    }
    String edition = spec.edition();
    if (edition != null && !edition.isEmpty() && !EDITION.matcher(edition).matches()) {
      problems.add(
          new Problem(
              "spec.edition",
              edition,
              "lower-case letters, digits, dots and dashes: it is part of"
                  + " the image's version"));
    }
    problems.addAll(ParameterValues.shape("spec.parameters", spec.parameters()));
    subject
        .served()
        .ifPresent(served -> {
          var catalog = served.engine().parameters(served.version());
          problems.addAll(catalog.check(ParameterValues.text(spec.parameters(), catalog)));
        });
    return problems;
  }

  /**
   * What is wrong with a type that no plugin serves.
   *
   * @param types those that are served
   */
  public static Problem typeProblem(String type, Collection<String> types) {
    return new Problem(
        "spec.type", type, types.isEmpty() ? NO_TYPE : "one of " + String.join(", ", types));
  }

  private static void plugin(SetSubject subject, Engine engine, List<Problem> problems) {
    String wanted = subject.spec().pluginVersion();
    if (!wanted.isEmpty() && engine.inVersion(wanted).isEmpty()) {
      problems.add(pluginProblem("spec.plugin.version", wanted, engine));
    }
  }

  /** What is wrong with a version of a plugin that isn't there. */
  public static Problem pluginProblem(String field, String version, Engine engine) {
    return new Problem(
        field,
        version,
        "a version of the plugin that is there: " + String.join(", ", engine.versions()));
  }

  private static void version(SetSubject subject, Engine engine, List<Problem> problems) {
    if (subject.served().isEmpty()) {
      problems.add(versionProblem("spec.version", subject.spec().version(), engine.descriptor()));
    }
  }

  /** What is wrong with a version that an engine doesn't serve. */
  public static Problem versionProblem(String field, String version, EngineDescriptor descriptor) {
    String series =
        descriptor.series().stream().map(EngineRules::range).collect(Collectors.joining(", "));
    return new Problem(
        field, version, "a version of %s: %s".formatted(descriptor.displayName(), series));
  }

  private static String range(EngineSeries series) {
    return "%s (from %s to before %s)".formatted(series.name(), series.since(), series.until());
  }

  private static void mode(
      SetSubject subject, EngineDescriptor descriptor, List<Problem> problems) {
    Optional<String> variable = subject.variable(MODE_VARIABLE);
    variable
        .filter(mode -> descriptor.mode(mode).isEmpty())
        .ifPresent(mode ->
            problems.add(new Problem("spec.env." + MODE_VARIABLE, mode, modes(descriptor))));
    TopologySpec topology = subject.spec().topology();
    if (topology == null) {
      return;
    }
    Optional<Mode> mode = descriptor.mode(topology.mode());
    if (mode.isEmpty()) {
      problems.add(new Problem("spec.topology.mode", topology.mode(), modes(descriptor)));
      return;
    }
    topologyMode(subject, mode.get(), problems);
    variable
        .filter(other -> !other.equals(topology.mode()))
        .ifPresent(other ->
            problems.add(
                new Problem(
                    "spec.env." + MODE_VARIABLE,
                    other,
                    "the same as spec.topology.mode, \"%s\", or leave it out"
                        .formatted(topology.mode()))));
  }

  private static void topologyMode(SetSubject subject, Mode mode, List<Problem> problems) {
    if (mode.topologyKind().isEmpty()) {
      problems.add(
          new Problem(
              "spec.topology.mode",
              mode.name(),
              "a mode that has a topology to manage; leave spec.topology out for this one"));
    }
    if (subject.spec().units() < mode.minimumUnits()) {
      problems.add(
          new Problem(
              "spec.units",
              Integer.toString(subject.spec().units()),
              "at least %d for the mode \"%s\"".formatted(mode.minimumUnits(), mode.name())));
    }
  }

  private static String modes(EngineDescriptor descriptor) {
    return descriptor.modes().isEmpty()
        ? "%s has no modes: leave it out".formatted(descriptor.displayName())
        : "one of " + descriptor.modes().stream().map(Mode::name).collect(Collectors.joining(", "));
  }
}
