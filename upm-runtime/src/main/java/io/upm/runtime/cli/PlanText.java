package io.upm.runtime.cli;

import io.upm.runtime.cli.PlanView.FieldChange;
import io.upm.runtime.cli.PlanView.FileChange;
import io.upm.runtime.cli.PlanView.ObjectPlan;
import io.upm.runtime.cli.PlanView.UnitPlan;
import io.upm.runtime.cli.PlanView.Verb;
import io.upm.runtime.cli.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Draws a {@link PlanView}. Pure. */
final class PlanText {
  private final Style style;
  private final List<String> lines = new ArrayList<>();

  private PlanText(Style style) {
    this.style = style;
  }

  static String draw(PlanView view, Style style) {
    return view.objects().stream()
        .map(object -> new PlanText(style).draw(object))
        .collect(Collectors.joining("\n"));
  }

  private String draw(ObjectPlan object) {
    lines.add(
        "%s %s%s: %s"
            .formatted(
                object.kind(),
                style.strong(object.name()),
                object.namespace().isEmpty() ? "" : " in " + object.namespace(),
                headline(object)));
    object.problems().forEach(problem -> lines.add("  " + style.bad(problem)));
    if (object.verb() == Verb.CHANGE) {
      section("Fields:", object.fields().stream().map(PlanText::field).toList());
    }
    section("Pods:", units(object.units()));
    section("Also:", object.notes());
    for (FileChange file : object.files()) {
      section(
          "Configuration %s of %s:".formatted(file.file(), String.join(", ", file.units())),
          file.lines().stream().map(this::configLine).toList());
    }
    return String.join("\n", lines) + "\n";
  }

  private String headline(ObjectPlan object) {
    if (!object.problems().isEmpty()) {
      return style.bad("can't be carried out");
    }
    return switch (object.verb()) {
      case CREATE -> "would be created";
      case CHANGE -> "would change";
      case NOTHING -> style.good("nothing would change");
    };
  }

  private void section(String title, List<String> entries) {
    if (!entries.isEmpty()) {
      lines.add("");
      lines.add("  " + title);
      entries.forEach(entry -> lines.add("    " + entry));
    }
  }

  private static String field(FieldChange change) {
    return "%s: %s -> %s".formatted(change.path(), or(change.before()), or(change.after()));
  }

  private static String or(String value) {
    return value.isEmpty() ? "(not set)" : value;
  }

  private List<String> units(List<UnitPlan> units) {
    if (units.isEmpty()) {
      return List.of();
    }
    var table =
        new Table(
            Column.of("POD"), Column.of("WHAT HAPPENS"), Column.of("TURN"), Column.flexible("WHY"));
    for (UnitPlan unit : units) {
      table.row(
          unit.name(), fate(unit), unit.turn() == 0 ? "" : String.valueOf(unit.turn()), unit.why());
    }
    return table.lines(StatusText.WIDTH - 4);
  }

  private static String fate(UnitPlan unit) {
    return switch (unit.fate()) {
      case MADE -> "is made";
      case REPLACED -> "is replaced";
      case RESIZED -> "is resized in place";
      case KEPT -> "goes on";
      case HELD_BACK -> "waits";
      case REMOVED -> "is removed";
    };
  }

  private String configLine(String line) {
    return line.startsWith("+") ? style.good(line) : style.bad(line);
  }
}
