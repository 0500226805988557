package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.upm.runtime.cli.StatusView.Concern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds in one object's status what is not as it should be. Pure. */
final class Trouble {
  private static final String READY = "Ready";
  private static final String UNKNOWN = "Unknown";

  /** Conditions that are as they should be when they are not true. */
  private static final Set<String> NEGATIVE = Set.of("Degraded");

  /** Says that something is under way, which is neither good nor bad. */
  private static final String PROGRESSING = "Progressing";

  /** The object that something is said about. */
  record Subject(String kind, String namespace, String name) {
    static Subject of(HasMetadata object) {
      return new Subject(
          object.getKind(), object.getMetadata().getNamespace(), object.getMetadata().getName());
    }

    String about() {
      return kind + " " + name;
    }

    /** As kubectl takes it. */
    String resource() {
      return kind.toLowerCase(Locale.ROOT);
    }
  }

  private Trouble() {}

  /**
   * All but "Ready" where something more exact is wrong, and nothing that is merely not known where
   * something is known to be wrong.
   *
   * @param explained whether other objects' conditions already say why this one isn't ready
   */
  static List<Concern> in(Subject subject, List<Condition> conditions, boolean explained) {
    List<Condition> wrong = conditions.stream().filter(Trouble::wrong).toList();
    List<Condition> exact =
        wrong.stream().filter(condition -> !condition.getType().equals(READY)).toList();
    List<Condition> known =
        exact.stream().filter(condition -> !condition.getStatus().equals(UNKNOWN)).toList();
    List<Condition> told = known.isEmpty() ? exact : known;
    if (told.isEmpty() && !explained) {
      told = wrong;
    }
    return told.stream().map(condition -> concern(subject, condition)).toList();
  }

  /** What the runtime hasn't seen yet; empty when it has seen the newest generation. */
  static List<Concern> unseen(HasMetadata object, @Nullable Long observedGeneration) {
    Long generation = object.getMetadata().getGeneration();
    if (generation == null || generation.equals(observedGeneration)) {
      return List.of();
    }
    return List.of(
        new Concern(
            Subject.of(object).about(),
            Concern.WAITING,
            "the runtime sees generation " + generation,
            observedGeneration == null
                ? "It has seen none."
                : "It has seen " + observedGeneration + ".",
            null,
            null,
            "If it stays: is the runtime there? kubectl get pods --all-namespaces"
                + " --selector app.kubernetes.io/name=upm-runtime"));
  }

  /** What {@code status.waitingFor} says; empty when nothing is awaited. */
  static List<Concern> waiting(Subject subject, @Nullable Object waitingFor) {
    var concerns = new ArrayList<Concern>();
    if (waitingFor instanceof Map<?, ?> fields && fields.get("predicate") != null) {
      concerns.add(
          new Concern(
              subject.about(),
              Concern.WAITING,
              Fields.text(fields.get("predicate")),
              "",
              Fields.time(fields.get("since")),
              Fields.time(fields.get("deadline")),
              Fields.text(fields.get("unblock"))));
    }
    return concerns;
  }

  /** What is wrong with single nodes of a topology. */
  static List<Concern> nodes(Subject subject, @Nullable Object topology) {
    var concerns = new ArrayList<Concern>();
    Fields.entries(topology)
        .forEach((name, node) -> {
          String problem = Fields.text(node.get("problem"));
          if (!problem.isEmpty()) {
            concerns.add(
                new Concern(
                    subject.about() + ", node " + name,
                    "",
                    "",
                    problem,
                    null,
                    null,
                    "See that %s runs and is reached at %s:%s."
                        .formatted(
                            name, Fields.text(node.get("host")), Fields.text(node.get("port")))));
          }
        });
    return concerns;
  }

  private static boolean wrong(Condition condition) {
    String type = condition.getType();
    if (type.equals(PROGRESSING)) {
      return false;
    }
    return NEGATIVE.contains(type) == "True".equals(condition.getStatus());
  }

  private static Concern concern(Subject subject, Condition condition) {
    return new Concern(
        subject.about(),
        condition.getType() + "=" + condition.getStatus(),
        Fields.text(condition.getReason()),
        Fields.text(condition.getMessage()),
        Fields.time(condition.getLastTransitionTime()),
        null,
        Advice.about(subject, condition.getType(), Fields.text(condition.getReason())));
  }
}
