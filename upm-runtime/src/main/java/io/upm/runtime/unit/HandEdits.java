package io.upm.runtime.unit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What somebody changed in the spec of a running Pod, read from its managed fields. What was
 * changed on the way in, by an admission webhook or a LimitRange, counts as ours: it was there from
 * the start. Pure.
 */
final class HandEdits {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern CONTAINER = Pattern.compile("k:\\{\"name\":\"([^\"]*)\"}");

  /** Containers for debugging are added to look at a Pod, not to change it. */
  private static final Set<String> HARMLESS = Set.of("f:ephemeralContainers");

  private HandEdits() {}

  /**
   * Who changed what, as part of a sentence; empty when nobody did.
   *
   * @param manager field manager that the Pod was made under
   */
  static Optional<String> find(Pod live, String manager) {
    var edits = new ArrayList<String>();
    for (ManagedFieldsEntry entry : live.getMetadata().getManagedFields()) {
      if (manager.equals(entry.getManager())
          || "status".equals(entry.getSubresource())
          || entry.getFieldsV1() == null) {
        continue;
      }
      Set<String> fields = fields(MAPPER.valueToTree(entry.getFieldsV1()));
      if (!fields.isEmpty()) {
        edits.add("%s changed %s".formatted(entry.getManager(), String.join(" and ", fields)));
      }
    }
    return edits.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", edits));
  }

  private static Set<String> fields(JsonNode owned) {
    var fields = new TreeSet<String>();
    for (var field : owned.path("f:spec").properties()) {
      if (HARMLESS.contains(field.getKey())) {
        continue;
      }
      if (field.getKey().endsWith("ontainers")) {
        containers(field.getValue(), fields);
      } else {
        fields.add(plain(field.getKey()));
      }
    }
    return fields;
  }

  private static void containers(JsonNode containers, Set<String> fields) {
    for (var container : containers.properties()) {
      Matcher name = CONTAINER.matcher(container.getKey());
      if (name.matches()) {
        container
            .getValue()
            .fieldNames()
            .forEachRemaining(field -> {
              if (field.startsWith("f:")) {
                fields.add("%s of container %s".formatted(plain(field), name.group(1)));
              }
            });
      }
    }
  }

  private static String plain(String field) {
    return field.substring("f:".length());
  }
}
