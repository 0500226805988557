package io.upm.runtime.unit;

import io.upm.host.document.InstanceDocument;
import io.upm.host.document.InstanceDocuments;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.runtime.validation.EngineRules;
import io.upm.runtime.validation.ParameterValues;
import io.upm.runtime.validation.RestoreRules;
import io.upm.spi.Problem;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.engine.EngineVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What may stand in a Unit. Pure. */
public final class UnitRules {
  private UnitRules() {}

  /** A Unit that can be carried out, or what is wrong with it. */
  sealed interface Verdict {
    record Fine(UnitSubject subject, InstanceDocument document) implements Verdict {}

    record Wrong(List<Problem> problems) implements Verdict {}
  }

  /** Everything that is wrong with a Unit, as far as it can be known before it is stored. */
  public static List<Problem> check(Unit unit, EngineRegistry engines) {
    Optional<EngineContainer> container = EngineContainer.of(unit);
    if (container.isEmpty()) {
      return List.of(noContainer());
    }
    Optional<Engine> engine = engines.find(container.get().type());
    if (engine.isEmpty()) {
      return List.of(
          new Problem(
              "spec.template.spec.containers.name",
              container.get().type(),
              "the name of an engine that a plugin brings: "
                  + engines.all().stream()
                      .map(one -> one.descriptor().engine())
                      .sorted()
                      .collect(Collectors.joining(", "))));
    }
    String plugin = UnitLabels.pluginVersion(unit);
    Optional<Engine> pinned = engines.find(container.get().type(), plugin);
    if (pinned.isEmpty()) {
      return List.of(
          EngineRules.pluginProblem(
              "metadata.annotations." + Names.ANNOTATION_PLUGIN_VERSION, plugin, engine.get()));
    }
    return switch (judge(unit, container.get(), pinned.get(), UnitView.Sources.NONE)) {
      case Verdict.Wrong wrong -> wrong.problems();
      case Verdict.Fine fine -> List.of();
    };
  }

  static Problem noContainer() {
    return new Problem(
        "spec.template.spec.containers",
        "",
        "a container for the engine, named as the annotation %s says"
            .formatted(Names.ANNOTATION_ENGINE));
  }

  static Verdict judge(
      Unit unit, EngineContainer container, Engine engine, UnitView.Sources sources) {
    var problems = new ArrayList<Problem>();
    name(unit, problems);
    Optional<EngineVersion> version =
        EngineVersion.tryParse(container.version()).filter(engine.descriptor()::serves);
    if (version.isEmpty()) {
      problems.add(
          EngineRules.versionProblem(
              "metadata.annotations." + Names.ANNOTATION_ENGINE_VERSION,
              container.version(),
              engine.descriptor()));
      return new Verdict.Wrong(problems);
    }
    var parameters = new TreeMap<>(sources.parameters());
    parameters.putAll(unit.getSpec().parameters());
    problems.addAll(ParameterValues.shape("spec.parameters", parameters));
    if (!problems.isEmpty()) {
      return new Verdict.Wrong(problems);
    }
    var subject =
        new UnitSubject(unit, container, engine, version.get(), parameters, sources.ports());
    InstanceDocument document = Documents.of(subject);
    problems.addAll(engine.parameters(version.get()).check(document.parameters()));
    problems.addAll(volumes(container, engine));
    problems.addAll(RestoreRules.check(unit.getSpec().restoreFrom(), engine));
    if (problems.isEmpty()) {
      problems.addAll(config(engine, document));
    }
    return problems.isEmpty()
        ? new Verdict.Fine(subject, document)
        : new Verdict.Wrong(List.copyOf(problems));
  }

  /** What stands in the way of rendering the configuration of a document. */
  public static List<Problem> config(Engine engine, InstanceDocument document) {
    var instance =
        InstanceDocuments.toInstance(
            document, engine.descriptor().dataVolume().name(), Path.of(VolumeNames.RUN_PATH));
    return engine.checkConfig(new ConfigInput(instance, document.parameters()));
  }

  private static void name(Unit unit, List<Problem> problems) {
    String name = unit.getMetadata().getName();
    if (name.length() > Names.LIMIT || name.contains(".")) {
      problems.add(
          new Problem(
              "metadata.name",
              name,
              "at most %d lower-case letters, digits and dashes: it is a host name"
                  .formatted(Names.LIMIT)));
    }
  }

  private static List<Problem> volumes(EngineContainer container, Engine engine) {
    return engine.descriptor().volumes().stream()
        .filter(volume -> volume.required() && container.mount(volume.name()).isEmpty())
        .map(volume ->
            new Problem(
                "spec.template.spec.containers.%s.volumeMounts".formatted(container.type()),
                "",
                "%s needs a volume named \"%s\""
                    .formatted(engine.descriptor().displayName(), volume.name())))
        .toList();
  }
}
