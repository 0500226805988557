package io.upm.runtime.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.upm.runtime.api.BackupScheduleSpec;
import io.upm.runtime.api.BackupSpec;
import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.Project;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.backup.BackupRules;
import io.upm.runtime.backup.ScheduleRules;
import io.upm.runtime.call.CallRules;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.runtime.engine.SetRef;
import io.upm.runtime.project.ProjectRules;
import io.upm.runtime.unit.UnitRules;
import io.upm.runtime.unitset.SetValidation;
import io.upm.runtime.validation.SetSubject;
import io.upm.spi.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Judges what is about to be stored. Secrets and ConfigMaps may still come, so they are left to the
 * reconcilers. An object whose spec doesn't change is never refused: metadata of an object that a
 * newer rule forbids must still be editable.
 */
public final class Review {
  private final KubernetesSerialization serialization;
  private final EngineRegistry engines;
  private final BiFunction<String, Map<String, Object>, Optional<List<Problem>>> topologies;
  private final Runnable catchUp;

  /**
   * A review with the rules of the installed plugins.
   *
   * @param topologies problems of the spec of a topology kind; empty when it is none
   * @param catchUp returns when the plugins here are those of the other replicas; run before
   *     anything is refused
   */
  public Review(
      KubernetesSerialization serialization,
      EngineRegistry engines,
      BiFunction<String, Map<String, Object>, Optional<List<Problem>>> topologies,
      Runnable catchUp) {
    this.serialization = serialization;
    this.engines = engines;
    this.topologies = topologies;
    this.catchUp = catchUp;
  }

  /**
   * What is wrong with the object of a request. What a plugin allows that another replica has just
   * said to serve is not refused because this one follows a moment later.
   *
   * @param request {@code request} of an AdmissionReview
   */
  public List<Problem> problems(JsonNode request) {
    List<Problem> problems = judge(request);
    if (problems.isEmpty()) {
      return problems;
    }
    catchUp.run();
    return judge(request);
  }

  private List<Problem> judge(JsonNode request) {
    JsonNode object = request.path("object");
    JsonNode old = request.path("oldObject");
    if (!object.path("spec").isObject()
        || object.path("metadata").hasNonNull("deletionTimestamp")
        || (old.isObject() && unchanged(object, old))) {
      return List.of();
    }
    String kind = request.path("kind").path("kind").asText();
    return switch (kind) {
      case "UnitSet" -> unitSet(request, object, old);
      case "Unit" -> unit(request, object);
      case "Project" -> project(request, object);
      case "GrpcCall" -> call(object, old);
      case "Backup" -> backup(object, old);
      case "BackupSchedule" -> schedule(object, old);
      default -> topologies.apply(kind, map(object.path("spec"))).orElse(List.of());
    };
  }

  private static boolean unchanged(JsonNode object, JsonNode old) {
    return object.path("spec").equals(old.path("spec")) && nodes(object).equals(nodes(old));
  }

  private static JsonNode nodes(JsonNode object) {
    return object.path("metadata").path("annotations").path(Names.ANNOTATION_NODE_MAP);
  }

  private List<Problem> unitSet(JsonNode request, JsonNode object, JsonNode old) {
    UnitSet set = serialization.convertValue(object, UnitSet.class);
    named(set.getMetadata(), request);
    var sizes = new TreeMap<String, String>();
    for (JsonNode storage : old.path("spec").path("storages")) {
      sizes.put(storage.path("name").asText(), storage.path("size").asText());
    }
    Map<String, String> annotations = set.getMetadata().getAnnotations();
    var subject =
        new SetSubject(
            set.getMetadata().getName(),
            annotations == null ? Map.of() : annotations,
            set.getSpec(),
            engines.all().stream().map(engine -> engine.descriptor().engine()).sorted().toList(),
            engines.findOrServing(
                set.getSpec().type(),
                set.getSpec().pluginVersion(),
                new SetRef(set.getMetadata().getNamespace(), set.getMetadata().getName())),
            new SetSubject.Surroundings(Optional.empty(), sizes));
    return switch (SetValidation.judge(set, subject, new TreeMap<>())) {
      case SetValidation.Verdict.Wrong wrong -> wrong.problems();
      case SetValidation.Verdict.Fine fine -> List.of();
    };
  }

  private List<Problem> unit(JsonNode request, JsonNode object) {
    Unit unit = serialization.convertValue(object, Unit.class);
    named(unit.getMetadata(), request);
    return UnitRules.check(unit, engines);
  }

  /** What is there already can be cancelled whatever became of its plugin. */
  private List<Problem> call(JsonNode object, JsonNode old) {
    GrpcCallSpec spec = serialization.convertValue(object.path("spec"), GrpcCallSpec.class);
    return old.isObject()
        ? CallRules.checkChange(
            serialization.convertValue(old.path("spec"), GrpcCallSpec.class), spec)
        : CallRules.check(spec, engines);
  }

  /** As with a call: what is there already can be discarded whatever became of its plugin. */
  private List<Problem> backup(JsonNode object, JsonNode old) {
    BackupSpec spec = serialization.convertValue(object.path("spec"), BackupSpec.class);
    return old.isObject()
        ? BackupRules.checkChange(
            serialization.convertValue(old.path("spec"), BackupSpec.class), spec, engines)
        : BackupRules.check(spec, engines);
  }

  /** One that is there already can be suspended whatever became of its plugin. */
  private List<Problem> schedule(JsonNode object, JsonNode old) {
    BackupScheduleSpec spec =
        serialization.convertValue(object.path("spec"), BackupScheduleSpec.class);
    return object.path("spec").path("backup").equals(old.path("spec").path("backup"))
        ? ScheduleRules.checkTimes(spec, Instant.now())
        : ScheduleRules.check(spec, engines, Instant.now());
  }

  private List<Problem> project(JsonNode request, JsonNode object) {
    Project project = serialization.convertValue(object, Project.class);
    named(project.getMetadata(), request);
    return ProjectRules.check(project.getMetadata().getName(), project.getSpec());
  }

  /** A name that the API server makes from {@code generateName} is not in the object yet. */
  private static void named(io.fabric8.kubernetes.api.model.ObjectMeta metadata, JsonNode request) {
    if (metadata.getName() == null) {
      String name = request.path("name").asText();
      String generate = metadata.getGenerateName();
      metadata.setName(name.isEmpty() ? (generate == null ? "" : generate) + "xxxxx" : name);
    }
    if (metadata.getNamespace() == null) {
      metadata.setNamespace(request.path("namespace").asText());
    }
  }

  private Map<String, Object> map(JsonNode spec) {
    @SuppressWarnings("unchecked")
    Map<String, Object> map = serialization.convertValue(spec, Map.class);
    return map;
  }
}
