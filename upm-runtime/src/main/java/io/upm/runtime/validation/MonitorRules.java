package io.upm.runtime.validation;

import io.upm.runtime.api.PodMonitorSpec;
import io.upm.runtime.api.PodMonitorSpec.Endpoint;
import io.upm.runtime.api.PodMonitorSpec.Relabeling;
import io.upm.spi.Problem;
import io.upm.spi.engine.Port;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** What Prometheus is told about the units. */
public final class MonitorRules {
  /** Port that stands for the agent's, whatever its name in the Pod is. */
  public static final String METRICS = "metrics";

  private static final String FIELD = "spec.podMonitor.endpoints";
  private static final Pattern INTERVAL =
      Pattern.compile("([1-9]\\d{0,5}h)?([1-9]\\d{0,5}m)?([1-9]\\d{0,5}s)?([1-9]\\d{0,5}ms)?");
  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
  private static final Set<String> ACTIONS =
      Set.of(
          "replace",
          "keep",
          "drop",
          "keepequal",
          "dropequal",
          "labelmap",
          "labelkeep",
          "labeldrop",
          "lowercase",
          "uppercase");

  /** Actions whose result goes into a label. */
  private static final Set<String> WRITING =
      Set.of("replace", "keepequal", "dropequal", "lowercase", "uppercase");

  private MonitorRules() {}

  static List<Problem> check(SetSubject subject) {
    PodMonitorSpec monitor = subject.spec().podMonitor();
    if (monitor == null) {
      return List.of();
    }
    var problems = new ArrayList<Problem>();
    var seen = new HashSet<String>();
    for (Endpoint endpoint : monitor.endpoints()) {
      String port = port(endpoint);
      port(subject, port, problems);
      if (!seen.add(port + " " + endpoint.path())) {
        problems.add(new Problem(FIELD + ".port", port, "each port once with one path"));
      }
      String interval = endpoint.interval();
      if (interval != null && (interval.isEmpty() || !INTERVAL.matcher(interval).matches())) {
        problems.add(
            new Problem(FIELD + ".interval", interval, "a time, such as 30s, 1m or 1m30s"));
      }
      String path = endpoint.path();
      if (path != null && (!path.startsWith("/") || path.codePoints().anyMatch(c -> c <= ' '))) {
        problems.add(
            new Problem(FIELD + ".path", path, "a path that begins with \"/\", without spaces"));
      }
      endpoint.relabelConfigs().forEach(relabeling -> relabeling(relabeling, problems));
    }
    return problems;
  }

  /** Port of an endpoint as the user names it. */
  public static String port(Endpoint endpoint) {
    return endpoint.port() == null || endpoint.port().isEmpty() ? METRICS : endpoint.port();
  }

  private static void port(SetSubject subject, String port, List<Problem> problems) {
    if (subject.engine().isEmpty() || port.equals(METRICS)) {
      return;
    }
    var names = new TreeSet<String>();
    subject.engine().get().descriptor().ports().stream().map(Port::name).forEach(names::add);
    if (!names.contains(port)) {
      problems.add(
          new Problem(
              FIELD + ".port",
              port,
              "one of "
                  + String.join(", ", Stream.concat(Stream.of(METRICS), names.stream()).toList())));
    }
  }

  private static void relabeling(Relabeling relabeling, List<Problem> problems) {
    String field = FIELD + ".relabelConfigs";
    String action = relabeling.action() == null ? "replace" : relabeling.action();
    if (!ACTIONS.contains(action)) {
      problems.add(
          new Problem(
              field + ".action", action, "one of " + String.join(", ", new TreeSet<>(ACTIONS))));
      return;
    }
    String target = relabeling.targetLabel() == null ? "" : relabeling.targetLabel();
    if (WRITING.contains(action) && !LABEL.matcher(target).matches()) {
      problems.add(
          new Problem(
              field + ".targetLabel",
              target,
              "a label: letters, digits and \"_\", no digit first"));
    }
    relabeling.sourceLabels().stream()
        .filter(label -> !LABEL.matcher(label).matches())
        .forEach(label ->
            problems.add(
                new Problem(
                    field + ".sourceLabels",
                    label,
                    "labels: letters, digits and \"_\", no digit first")));
    if (relabeling.regex() != null && !compiles(relabeling.regex())) {
      problems.add(new Problem(field + ".regex", relabeling.regex(), "a regular expression"));
    }
  }

  private static boolean compiles(String regex) {
    try {
      return Pattern.compile(regex).pattern().equals(regex);
    } catch (PatternSyntaxException e) {
      return false;
    }
  }
}
