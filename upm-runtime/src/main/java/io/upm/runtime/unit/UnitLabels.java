package io.upm.runtime.unit;

import io.upm.runtime.api.Names;
import io.upm.runtime.api.Unit;
import io.upm.runtime.engine.SetRef;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the labels and annotations of a Unit say, and which of them its children inherit. */
public final class UnitLabels {
  private static final Pattern ORDINAL = Pattern.compile(".*-(\\d{1,9})");

  /** Annotations of tools that are about the object they stand on, and of no other. */
  private static final Set<String> OWN_PREFIXES =
      Set.of(
          "kubectl.kubernetes.io/last-applied",
          "meta.helm.sh/",
          "argocd.argoproj.io/",
          "unit-operator/applied-hash",
          Names.ANNOTATION_INPUTS,
          Names.ANNOTATION_PARAMETERS,
          Names.ANNOTATION_RESTART,
          Names.ANNOTATION_NODE_MAP);

  private UnitLabels() {}

  /** UnitSet that a Unit belongs to. */
  public static Optional<String> set(Unit unit) {
    return label(unit, Names.LABEL_SET);
  }

  /** Its number; what its name ends with when it has no label, else 0. */
  public static int ordinal(Unit unit) {
    Optional<Integer> labelled = label(unit, Names.LABEL_ORDINAL).flatMap(UnitLabels::number);
    if (labelled.isPresent()) {
      return labelled.get();
    }
    Matcher matcher = ORDINAL.matcher(unit.getMetadata().getName());
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /** Units of its set. */
  static int count(Unit unit) {
    return label(unit, Names.LABEL_COUNT).flatMap(UnitLabels::number).orElse(ordinal(unit) + 1);
  }

  /** Version of the plugin that it asks for; empty for the one that serves. */
  static String pluginVersion(Unit unit) {
    Map<String, String> annotations = unit.getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(Names.ANNOTATION_PLUGIN_VERSION, "");
  }

  /** Its set; without a name for a Unit that was made by hand. */
  static SetRef ref(Unit unit) {
    return new SetRef(unit.getMetadata().getNamespace(), set(unit).orElse(""));
  }

  /** Labels that Pod, claims and the rest inherit. */
  static SortedMap<String, String> inherited(Unit unit) {
    var labels = new TreeMap<String, String>();
    if (unit.getMetadata().getLabels() != null) {
      labels.putAll(unit.getMetadata().getLabels());
    }
    // The count changes with each scaling; nothing selects by it.
    labels.remove(Names.LABEL_COUNT);
    labels.put(Names.LABEL_UNIT, unit.getMetadata().getName());
    return labels;
  }

  /** Annotations without those that are about one object only. */
  public static SortedMap<String, String> inheritable(Map<String, String> annotations) {
    var inherited = new TreeMap<String, String>();
    if (annotations != null) {
      annotations.forEach((key, value) -> {
        if (OWN_PREFIXES.stream().noneMatch(key::startsWith)) {
          inherited.put(key, value);
        }
      });
    }
    return inherited;
  }

  private static Optional<String> label(Unit unit, String key) {
    Map<String, String> labels = unit.getMetadata().getLabels();
    return labels == null ? Optional.empty() : Optional.ofNullable(labels.get(key));
  }

  private static Optional<Integer> number(String text) {
    return text.matches("\\d{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }
}
