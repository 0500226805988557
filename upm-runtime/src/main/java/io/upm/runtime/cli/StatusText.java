package io.upm.runtime.cli;

import io.upm.runtime.cli.StatusView.BackupRow;
import io.upm.runtime.cli.StatusView.CallRow;
import io.upm.runtime.cli.StatusView.Concern;
import io.upm.runtime.cli.StatusView.DeclaredRow;
import io.upm.runtime.cli.StatusView.ServiceRow;
import io.upm.runtime.cli.StatusView.Subject;
import io.upm.runtime.cli.StatusView.UnitRow;
import io.upm.runtime.cli.StatusView.VolumeRow;
import io.upm.runtime.cli.Table.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Draws a {@link StatusView}. Pure: the same view, time and options give the same text. */
final class StatusText {
  /** Wide enough for what matters, narrow enough for two windows side by side. */
  static final int WIDTH = 120;

  /**
   * @param wide all columns, nothing shortened
   * @param now for "since" and "until"
   */
  record Options(boolean wide, Style style, Instant now) {}

  private final StatusView view;
  private final Options options;
  private final Style style;

  private StatusText(StatusView view, Options options) {
    this.view = view;
    this.options = options;
    this.style = options.style();
  }

  static String draw(StatusView view, Options options) {
    return new StatusText(view, options).draw();
  }

  private String draw() {
    return Stream.of(
            title(), units(), services(), topologies(), declared(), calls(), backups(), concerns())
        .filter(part -> !part.isEmpty())
        .map(part -> String.join("\n", part) + "\n")
        .collect(Collectors.joining("\n"));
  }

  private List<String> title() {
    Subject subject = view.subject();
    String state = subject.ready() ? style.good("Ready") : style.bad("not Ready");
    String what =
        Stream.of(
                (subject.engine() + " " + subject.version()).strip(),
                subject.mode(),
                "%d of %d ready".formatted(subject.readyUnits(), subject.wantedUnits()))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(", "));
    return List.of(
        "%s %s in %s: %s (%s)"
            .formatted(
                subject.kind(), style.strong(subject.name()), subject.namespace(), state, what));
  }

  private List<String> units() {
    if (view.units().isEmpty()) {
      return List.of();
    }
    return options.wide() ? wideUnits() : narrowUnits();
  }

  private List<String> narrowUnits() {
    var table =
        new Table(
            Column.of("UNIT"),
            Column.of("ROLE"),
            Column.of("READY"),
            Column.of("LAG"),
            Column.flexible("POSITION"),
            Column.flexible("NODE"),
            Column.of("AGENT"),
            Column.flexible("PLUGIN"),
            Column.flexible("VOLUMES"));
    for (UnitRow unit : view.units()) {
      table.row(
          unit.name(),
          unit.role(),
          ready(unit),
          lag(unit),
          unit.position(),
          unit.node(),
          unit.agentVersion(),
          unit.plugin(),
          volumes(unit));
    }
    return lines(table);
  }

  private List<String> wideUnits() {
    var table =
        new Table(
            Column.of("UNIT"),
            Column.of("ROLE"),
            Column.of("READY"),
            Column.of("LAG"),
            Column.of("NODE"),
            Column.of("ADDRESS"),
            Column.of("RESTARTS"),
            Column.of("STARTS"),
            Column.of("AGENT"),
            Column.of("PLUGIN"),
            Column.of("VOLUMES"),
            Column.of("POSITION"));
    for (UnitRow unit : view.units()) {
      table.row(
          unit.name(),
          unit.role(),
          ready(unit),
          lag(unit),
          unit.node(),
          unit.address(),
          String.valueOf(unit.restarts()),
          unit.engineStarts() == null ? "" : String.valueOf(unit.engineStarts()),
          unit.agentVersion(),
          unit.plugin(),
          volumes(unit),
          unit.position());
    }
    return lines(table);
  }

  private List<String> services() {
    List<ServiceRow> shown =
        view.services().stream()
            .filter(service -> options.wide() || service.unit().isEmpty())
            .toList();
    if (shown.isEmpty()) {
      return List.of();
    }
    var table =
        new Table(
            Column.of("SERVICE"),
            Column.of("TYPE"),
            Column.flexible("ADDRESS"),
            Column.flexible("ENDPOINTS"));
    for (ServiceRow service : shown) {
      table.row(
          service.name(),
          service.type(),
          service.address(),
          service.endpoints().isEmpty() ? "none" : String.join(", ", service.endpoints()));
    }
    return lines(table);
  }

  private List<String> topologies() {
    return view.topologies().stream()
        .map(topology ->
            "%s %s: %s%s"
                .formatted(
                    topology.kind(),
                    style.strong(topology.name()),
                    topology.ready() ? style.good("Ready") : style.bad("not Ready"),
                    topology.message().isEmpty() ? "" : ", " + topology.message()))
        .toList();
  }

  /** A line, as there may be hundreds; those that aren't ready are among what is wrong. */
  private List<String> declared() {
    if (view.declared().isEmpty()) {
      return List.of();
    }
    if (options.wide()) {
      var table = new Table(Column.of("DECLARED"), Column.of("IN THE ENGINE"), Column.of("READY"));
      for (DeclaredRow row : view.declared()) {
        table.row(row.kind() + " " + row.name(), row.inEngine(), row.ready() ? "yes" : "no");
      }
      return lines(table);
    }
    return List.of(
        view.declared().stream()
            .collect(Collectors.groupingBy(DeclaredRow::kind, TreeMap::new, Collectors.toList()))
            .entrySet()
            .stream()
            .map(kind ->
                "%s: %d of %d ready"
                    .formatted(
                        kind.getKey(),
                        kind.getValue().stream().filter(DeclaredRow::ready).count(),
                        kind.getValue().size()))
            .collect(Collectors.joining(", ")));
  }

  private List<String> calls() {
    if (view.calls().isEmpty()) {
      return List.of();
    }
    var table =
        new Table(
            Column.of("CALL"),
            Column.of("UNIT"),
            Column.of("ACTION"),
            Column.of("PROGRESS"),
            Column.flexible("MESSAGE"));
    for (CallRow call : view.calls()) {
      table.row(call.name(), call.unit(), call.action(), progress(call), call.message());
    }
    return lines(table);
  }

  private static String progress(CallRow call) {
    Integer percent = call.percent();
    Long left = call.secondsLeft();
    return !call.running()
        ? "waits"
        : (percent == null ? "runs" : percent + " %")
            + (left == null ? "" : ", " + Spans.of(Duration.ofSeconds(left)) + " left");
  }

  private List<String> backups() {
    if (view.backups().isEmpty()) {
      return List.of();
    }
    var table =
        new Table(
            Column.of("BACKUP"),
            Column.of("UNIT"),
            Column.of("PHASE"),
            Column.of("ENDED"),
            Column.of("SIZE"),
            Column.of("VERIFIED"),
            Column.flexible("LOCATION"));
    for (BackupRow backup : view.backups()) {
      Instant ended = backup.ended();
      Long bytes = backup.storedBytes();
      table.row(
          backup.name(),
          backup.unit(),
          backup.phase(),
          ended == null ? "" : Spans.of(Duration.between(ended, options.now())) + " ago",
          bytes == null ? "" : size(bytes),
          backup.verified(),
          backup.location());
    }
    return lines(table);
  }

  private static String size(long bytes) {
    long kibi = (bytes + 1023) / 1024;
    return kibi < 10_240 ? kibi + " KiB" : kibi / 1024 + " MiB";
  }

  private List<String> concerns() {
    if (view.healthy()) {
      return List.of(style.good("All is as it should be."));
    }
    var lines = new ArrayList<String>();
    if (!view.concerns().isEmpty()) {
      lines.add(style.bad("Not as it should be:"));
    }
    for (Concern concern : view.concerns()) {
      lines.addAll(wrapped("  ", headline(concern)));
      lines.addAll(wrapped("    -> ", concern.advice()));
    }
    return lines;
  }

  private String headline(Concern concern) {
    var headline = new StringBuilder(concern.about());
    switch (concern.condition()) {
      case "" -> {}
      case Concern.WAITING -> headline.append(" waits: ").append(concern.reason());
      default ->
          headline.append(" ").append(concern.condition()).append(", ").append(concern.reason());
    }
    Instant since = concern.since();
    if (since != null) {
      headline.append(", for ").append(Spans.of(Duration.between(since, options.now())));
    }
    Instant deadline = concern.deadline();
    if (deadline != null) {
      headline.append(", ").append(Spans.of(Duration.between(options.now(), deadline)));
      headline.append(" left");
    }
    if (!concern.message().isEmpty()) {
      headline.append(": ").append(concern.message());
    }
    return headline.toString();
  }

  /**
   * Breaks a sentence at spaces; lines after the first are indented as far as the first one's text.
   */
  private List<String> wrapped(String indent, String text) {
    int width = options.wide() ? Integer.MAX_VALUE : WIDTH - indent.length();
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (String word : text.split("\\s+")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    var indented = new ArrayList<String>();
    for (String each : lines) {
      indented.add((indented.isEmpty() ? indent : " ".repeat(indent.length())) + each);
    }
    return indented;
  }

  private List<String> lines(Table table) {
    var lines = new ArrayList<>(table.lines(options.wide() ? Integer.MAX_VALUE : WIDTH));
    lines.set(0, style.strong(lines.getFirst()));
    return lines;
  }

  private static String ready(UnitRow unit) {
    return unit.ready() ? "yes" : "no";
  }

  private static String lag(UnitRow unit) {
    Long seconds = unit.lagSeconds();
    return seconds == null ? "" : seconds + " s";
  }

  private String volumes(UnitRow unit) {
    return unit.volumes().stream().map(this::volume).collect(Collectors.joining(", "));
  }

  private String volume(VolumeRow volume) {
    String phase = options.wide() || !"Bound".equals(volume.phase()) ? " " + volume.phase() : "";
    return (volume.name() + " " + volume.size() + phase).strip();
  }
}
