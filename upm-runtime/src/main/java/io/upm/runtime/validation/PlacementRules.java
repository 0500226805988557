package io.upm.runtime.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.NodeAffinityPresetSpec;
import io.upm.runtime.api.UpdateStrategySpec;
import io.upm.spi.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Nodes and the update strategy. */
public final class PlacementRules {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
  private static final Pattern NODE = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  private PlacementRules() {}

  static List<Problem> check(SetSubject subject) {
    var problems = new ArrayList<Problem>();
    var spec = subject.spec();
    for (NodeAffinityPresetSpec preset : spec.nodeAffinityPreset()) {
      preset(preset, problems);
    }
    problems.addAll(SpreadRules.check(spec.topologySpreadConstraints()));
    if (spec.updateStrategy() != null) {
      strategy(spec.updateStrategy(), problems);
    }
    String map = subject.annotations().get(Names.ANNOTATION_NODE_MAP);
    if (map != null) {
      nodeMapProblem(map, problems);
    }
    return problems;
  }

  /** Node of each unit that has one, from the annotation; nothing when it can't be read. */
  public static SortedMap<String, String> nodes(@Nullable String annotation) {
    var nodes = new TreeMap<String, String>();
    if (annotation == null) {
      return nodes;
    }
    try {
      for (var entry : MAPPER.readTree(annotation).properties()) {
        if (entry.getValue().isTextual() && !Names.NO_NODE.equals(entry.getValue().asText())) {
          nodes.put(entry.getKey(), entry.getValue().asText());
        }
      }
    } catch (JsonProcessingException e) {
      nodes.clear();
    }
    return nodes;
  }

  private static void preset(NodeAffinityPresetSpec preset, List<Problem> problems) {
    if (!LabelKeys.areLike(preset.key())) {
      problems.add(new Problem("spec.nodeAffinityPreset.key", preset.key(), LabelKeys.ALLOWED));
    }
    String field = "spec.nodeAffinityPreset." + preset.key() + ".values";
    if (preset.values().isEmpty()) {
      problems.add(new Problem(field, "", "at least one value of the label"));
    }
    preset.values().stream()
        .filter(value -> !LABEL_VALUE.matcher(value).matches())
        .forEach(value ->
            problems.add(
                new Problem(
                    field,
                    value,
                    "a label value: at most 63 letters, digits, \"-\", \"_\" and \".\"")));
  }

  private static void strategy(UpdateStrategySpec strategy, List<Problem> problems) {
    var rolling = strategy.rollingUpdate();
    if (rolling == null) {
      return;
    }
    if (rolling.partition() != null && rolling.partition() < 0) {
      problems.add(
          new Problem(
              "spec.updateStrategy.rollingUpdate.partition",
              rolling.partition().toString(),
              "0, or the number of the first unit that changes"));
    }
    if (rolling.maxUnavailable() != null && rolling.maxUnavailable() < 1) {
      problems.add(
          new Problem(
              "spec.updateStrategy.rollingUpdate.maxUnavailable",
              rolling.maxUnavailable().toString(),
              "at least 1: with 0 nothing could ever change"));
    }
  }

  private static void nodeMapProblem(String map, List<Problem> problems) {
    String field = "metadata.annotations." + Names.ANNOTATION_NODE_MAP;
    String allowed = "a JSON object of unit name to node name, such as {\"db-0\":\"node-a\"}";
    JsonNode tree;
    try {
      tree = MAPPER.readTree(map);
    } catch (JsonProcessingException e) {
      problems.add(new Problem(field, map, allowed));
      return;
    }
    if (!tree.isObject()) {
      problems.add(new Problem(field, map, allowed));
      return;
    }
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      String node = entry.getValue().asText();
      if (!entry.getValue().isTextual()
          || !(Names.NO_NODE.equals(node) || NODE.matcher(node).matches())) {
        problems.add(new Problem(field + "." + entry.getKey(), node, "the name of a node"));
      }
    }
  }
}
