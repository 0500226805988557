package io.upm.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.spi.EnginePlugin;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.AgentAction;
import io.upm.spi.action.BackupDescriptor;
import io.upm.spi.action.ProvisionDescriptor;
import io.upm.spi.config.Parameter;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.topology.TopologyDescriptor;
import io.upm.spi.topology.TopologyManager;
import io.upm.testkit.crd.RecordSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The reference page of an engine, in Markdown: versions, ports, volumes, accounts, modes, kinds,
 * actions, metrics and every parameter. The same plugin gives the same text, so that a test can
 * tell when a checked-in page is out of date.
 */
public final class EnginePage {
  /**
   * Set to true, this system property makes {@link #assertUpToDate} write what it would compare.
   */
  public static final String UPDATE = "upm.docs.update";

  /** Higher than any number that makers of engines give to a patch. */
  private static final int LAST = 999_999;

  private final EnginePlugin plugin;
  private final EngineDescriptor engine;
  private final StringBuilder page = new StringBuilder();

  private EnginePage(EnginePlugin plugin) {
    this.plugin = plugin;
    this.engine = plugin.descriptor();
  }

  /** The page's text. */
  public static String of(EnginePlugin plugin) {
    return new EnginePage(plugin).write();
  }

  /**
   * Compares a checked-in page with what the plugin says now.
   *
   * @throws AssertionError when it differs, with what to do
   */
  public static void assertUpToDate(Path file, EnginePlugin plugin) {
    String wanted = of(plugin);
    try {
      if (Boolean.getBoolean(UPDATE)) {
        Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
        Files.writeString(file, wanted);
      } else if (!Files.exists(file) || !Files.readString(file).equals(wanted)) {
        throw new AssertionError(
            "%s: not what the plugin says; run with -D%s=true and commit the difference"
                .formatted(file, UPDATE));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String write() {
    page.append("<!-- Generated from what the plugin says of itself; edit that. -->\n");
    page.append("# %s%n%n".formatted(engine.displayName()));
    page.append(
        "`spec.type: %s`. The engine runs as user %d; its least limits are %s.%n%n"
            .formatted(engine.engine(), engine.userId(), engine.minimum()));
    table(
        "Versions",
        "series | from | up to, without it | image",
        engine.series().stream()
            .map(one -> row(code(one.name()), one.since(), one.until(), code(one.image()))));
    table(
        "Ports",
        "name | number | for",
        engine.ports().stream()
            .map(one ->
                row(code(one.name()), one.number(), one.client() ? "clients" : "the units")));
    table(
        "Volumes",
        "name | holds | required",
        engine.volumes().stream()
            .map(one -> row(code(one.name()), word(one.purpose()), yes(one.required()))));
    table(
        "Accounts",
        "for | variable in `spec.env` | user when it isn't set | password required | what",
        engine.accounts().stream()
            .map(one ->
                row(
                    one.purpose(),
                    code(one.variable()),
                    code(one.defaultUser()),
                    yes(one.required()),
                    one.description())));
    table(
        "Modes",
        "`spec.topology.mode` | units at least | kind | what",
        engine.modes().stream()
            .map(one ->
                row(
                    code(one.name()),
                    one.minimumUnits(),
                    one.topologyKind().isEmpty() ? "none" : code(one.topologyKind()),
                    one.description())));
    capabilities();
    metrics();
    parameters();
    return page.toString();
  }

  private void capabilities() {
    table(
        "Kinds of topology",
        "kind | `kubectl get` | roles | label of Pods",
        plugin.topologies(Samples.runtimeContext()).stream()
            .<TopologyDescriptor<?>>map(TopologyManager::descriptor)
            .map(one ->
                row(
                    code(one.kind()),
                    code(one.plural()) + ", " + code(one.shortName()),
                    String.join(", ", one.roles()),
                    code(one.labelPrefix() + ".name"))));
    table(
        "Actions",
        "name | parameters | engine | may lose data | can be cancelled | what it makes is removed by |"
            + " in `spec.restoreFrom` | proves backups of",
        plugin.actions(Samples.agentContext()).stream().map(EnginePage::action));
    table(
        "Parameters of actions",
        "action | parameter | type | needed | what",
        plugin.actions(Samples.agentContext()).stream()
            .<ActionDescriptor<?>>map(AgentAction::descriptor)
            .flatMap(EnginePage::parameters));
  }

  private static String action(AgentAction<?> action) {
    ActionDescriptor<?> descriptor = action.descriptor();
    return row(
        code(descriptor.name()),
        Stream.of(descriptor.parameters().getRecordComponents())
            .map(component -> code(component.getName()))
            .collect(Collectors.joining(", ")),
        word(descriptor.engine()),
        yes(descriptor.destructive()),
        yes(descriptor.cancellable()),
        action
            .backup()
            .map(BackupDescriptor::discard)
            .or(() -> action.provision().map(ProvisionDescriptor::drop))
            .map(EnginePage::code)
            .orElse(""),
        action.restores() ? "yes" : "",
        action
            .check()
            .map(check -> check.backups().stream().sorted().map(EnginePage::code))
            .map(names -> names.collect(Collectors.joining(", ")))
            .orElse(""));
  }

  private static Stream<String> parameters(ActionDescriptor<?> action) {
    JsonNode schema = RecordSchema.of(action.parameters());
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    return schema.path("properties").properties().stream()
        .map(one ->
            row(
                code(action.name()),
                code(one.getKey()),
                one.getValue().path("type").asText("any"),
                yes(required.contains(one.getKey())),
                one.getValue().path("description").asText()));
  }

  private void metrics() {
    try (EngineLifecycle lifecycle = plugin.lifecycle(Samples.agentContext())) {
      table(
          "Metrics",
          "name | type | unit | labels | what",
          lifecycle.metrics().stream()
              .flatMap(metrics -> metrics.families().stream())
              .map(one ->
                  row(
                      code(one.name()),
                      word(one.type()),
                      one.unit(),
                      one.labels().stream().map(EnginePage::code).collect(Collectors.joining(", ")),
                      one.help())));
    }
  }

  private void parameters() {
    List<EngineVersion> versions = engine.series().stream().flatMap(this::ends).toList();
    Set<Parameter> all = new LinkedHashSet<>();
    versions.forEach(version -> all.addAll(plugin.parameters(version).all()));
    table(
        "Parameters",
        "name | value | default | a change is in force | versions | what",
        all.stream()
            .sorted(Comparator.comparing(Parameter::name))
            .map(one ->
                row(
                    code(one.name()),
                    one.allowed(),
                    one.defaultValue().isEmpty() ? "" : code(one.defaultValue()),
                    switch (one.impact()) {
                      case DYNAMIC -> "at once";
                      case RESTART -> "after a restart";
                      case IMMUTABLE -> "never";
                    },
                    served(one),
                    one.description())));
  }

  /** First and last version of a series: what comes or goes within it is known at one of them. */
  private Stream<EngineVersion> ends(EngineSeries series) {
    List<Integer> numbers = series.since().numbers();
    List<EngineVersion> ends = new ArrayList<>(List.of(series.since()));
    for (int kept = 2; kept > 0; kept--) {
      var last = new ArrayList<>(numbers.subList(0, Math.min(kept, numbers.size())));
      last.add(LAST);
      ends.add(new EngineVersion(last, ""));
    }
    return ends.stream().filter(series::serves);
  }

  private static String served(Parameter parameter) {
    EngineVersion since = parameter.served().since();
    EngineVersion until = parameter.served().until();
    return Stream.of(since == null ? "" : "from " + since, until == null ? "" : "before " + until)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(", "));
  }

  /** What there is nothing of has no table. */
  private void table(String title, String heading, Stream<String> rows) {
    List<String> lines = rows.toList();
    if (lines.isEmpty()) {
      return;
    }
    page.append("## %s%n%n| %s |%n|".formatted(title, heading));
    page.append(" --- |".repeat(heading.split(" \\| ", -1).length)).append('\n');
    lines.forEach(line -> page.append(line).append('\n'));
    page.append('\n');
  }

  private static String row(Object... cells) {
    return Stream.of(cells)
        .map(cell -> cell.toString().replace("|", "\\|").replace("<", "&lt;"))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String yes(boolean value) {
    return value ? "yes" : "no";
  }
}
