package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One line of {@code upm get}.
 *
 * @param ready {@code 2/3} for a set, else {@code yes} or {@code no}
 * @param role as observed; empty when it has none
 * @param what engine, version and mode; for a unit its node
 * @param why why it isn't ready; empty when it is
 */
record ListRow(
    String namespace,
    String kind,
    String name,
    String ready,
    String role,
    String what,
    String age,
    String why) {
  private static final String READY = "Ready";

  /** The line of an object of any of UPM's kinds. Pure. */
  static ListRow of(GenericKubernetesResource object, Instant now) {
    return switch (object.getKind()) {
      case "UnitSet" -> set(object, now);
      case "Unit" -> unit(object, now);
      case "Backup" -> backup(object, now);
      case "BackupSchedule" -> schedule(object, now);
      case "Database", "DatabaseUser" -> declared(object, now);
      default -> other(object, now);
    };
  }

  /** As {@code kubectl} takes it. */
  static String reference(HasMetadata object) {
    return "%s.%s/%s"
        .formatted(
            object.getKind().toLowerCase(Locale.ROOT),
            object.getApiVersion().substring(0, Math.max(0, object.getApiVersion().indexOf('/'))),
            object.getMetadata().getName());
  }

  private static ListRow set(GenericKubernetesResource object, Instant now) {
    Long ready = Fields.number(Fields.at(object, "status", "readyUnits"));
    String what =
        Stream.of(
                (Fields.text(Fields.at(object, "spec", "type"))
                        + " "
                        + Fields.text(Fields.at(object, "spec", "version")))
                    .strip(),
                Fields.text(Fields.at(object, "spec", "topology", "mode")),
                Boolean.TRUE.equals(Fields.at(object, "spec", "pause")) ? "paused" : "")
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(", "));
    return row(
        object,
        "%d/%s".formatted(ready == null ? 0 : ready, Fields.at(object, "spec", "units")),
        "",
        what,
        now);
  }

  private static ListRow unit(GenericKubernetesResource object, Instant now) {
    boolean ready = READY.equals(Fields.at(object, "status", "phase"));
    return row(
        object,
        ready ? "yes" : "no",
        Fields.text(Fields.at(object, "status", "role")),
        Fields.text(Fields.at(object, "status", "nodeName")),
        now);
  }

  private static ListRow backup(GenericKubernetesResource object, Instant now) {
    boolean there = "Succeeded".equals(Fields.at(object, "status", "phase"));
    ListRow row =
        row(
            object,
            there ? "yes" : "no",
            "",
            Fields.text(Fields.at(object, "status", there ? "location" : "phase")),
            now);
    return there ? row.asItShouldBe() : row;
  }

  private static ListRow schedule(GenericKubernetesResource object, Instant now) {
    String next = Fields.text(Fields.at(object, "status", "nextScheduleTime"));
    return row(
        object,
        isReady(object) ? "yes" : "no",
        "",
        Fields.text(Fields.at(object, "spec", "schedule"))
            + (next.isEmpty() ? "" : ", next " + next),
        now);
  }

  private static ListRow declared(GenericKubernetesResource object, Instant now) {
    String name = Fields.text(Fields.at(object, "status", "name"));
    return row(
        object,
        isReady(object) ? "yes" : "no",
        "",
        Fields.text(Fields.at(object, "spec", "unitSet")) + (name.isEmpty() ? "" : ", " + name),
        now);
  }

  private static boolean isReady(GenericKubernetesResource object) {
    return Fields.conditions(object).stream()
        .anyMatch(one -> one.getType().equals(READY) && one.getStatus().equals("True"));
  }

  private ListRow asItShouldBe() {
    return new ListRow(namespace, kind, name, ready, role, what, age, "");
  }

  private static ListRow other(GenericKubernetesResource object, Instant now) {
    Object ready = Fields.at(object, "status", "ready");
    return row(
        object,
        ready == null ? "" : Boolean.TRUE.equals(ready) ? "yes" : "no",
        "",
        Fields.text(Fields.at(object, "spec", "mode")),
        now);
  }

  private static ListRow row(
      GenericKubernetesResource object, String ready, String role, String what, Instant now) {
    return new ListRow(
        Objects.requireNonNullElse(object.getMetadata().getNamespace(), ""),
        object.getKind(),
        object.getMetadata().getName(),
        ready,
        role,
        what,
        age(object, now),
        why(object));
  }

  private static String why(GenericKubernetesResource object) {
    if (object.getMetadata().getDeletionTimestamp() != null) {
      return "being deleted";
    }
    List<Condition> conditions = Fields.conditions(object);
    if (isReady(object) || Boolean.TRUE.equals(Fields.at(object, "status", "ready"))) {
      return "";
    }
    if (Fields.at(object, "status", "waitingFor") instanceof Map<?, ?> waiting) {
      return "waits for: " + Fields.text(waiting.get("predicate"));
    }
    return conditions.stream()
        .filter(one -> one.getType().equals(READY))
        .map(Condition::getMessage)
        .findFirst()
        .orElseGet(() -> Fields.text(Fields.at(object, "status", "message")));
  }

  private static String age(HasMetadata object, Instant now) {
    String created = object.getMetadata().getCreationTimestamp();
    try {
      return created == null ? "" : Spans.of(Duration.between(Instant.parse(created), now));
    } catch (DateTimeException e) {
      return "";
    }
  }
}
