package io.upm.runtime.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * What one definition of a resource kind accepted and another doesn't. Pure. Who put an object into
 * the cluster must be able to do so again, so what can't be shown to be as wide counts as narrower.
 */
public final class Narrowing {
  /** What the API server and the runtime write; users have no say in it. */
  private static final Set<String> NOT_THE_USERS =
      Set.of("apiVersion", "kind", "metadata", "status");

  private final JsonNode before;
  private final JsonNode after;
  private final List<String> found = new ArrayList<>();

  private Narrowing(JsonNode before, JsonNode after) {
    this.before = before;
    this.after = after;
  }

  /** Name of a definition. */
  public static String name(JsonNode definition) {
    return definition.path("metadata").path("name").asText();
  }

  /**
   * Compares two definitions of one kind.
   *
   * @return what is narrower, a sentence each; empty when all that was accepted still is
   */
  public static List<String> between(JsonNode before, JsonNode after) {
    return new Narrowing(before.path("spec"), after.path("spec")).found();
  }

  private List<String> found() {
    same("scope", before.path("scope"), after.path("scope"));
    for (String name : List.of("kind", "plural")) {
      same("names." + name, before.path("names").path(name), after.path("names").path(name));
    }
    for (JsonNode version : before.path("versions")) {
      if (version.path("served").asBoolean()) {
        version(version);
      }
    }
    return List.copyOf(found);
  }

  private void same(String what, JsonNode one, JsonNode other) {
    if (!one.equals(other)) {
      found.add("%s was %s and is %s".formatted(what, one.asText(), other.asText("nothing")));
    }
  }

  private void version(JsonNode old) {
    String name = old.path("name").asText();
    Optional<JsonNode> fresh =
        StreamSupport.stream(after.path("versions").spliterator(), false)
            .filter(version -> version.path("name").asText().equals(name))
            .filter(version -> version.path("served").asBoolean())
            .findFirst();
    if (fresh.isEmpty()) {
      found.add("version %s is gone".formatted(name));
      return;
    }
    for (String subresource : List.of("status", "scale")) {
      if (old.path("subresources").has(subresource)
          && !fresh.get().path("subresources").has(subresource)) {
        found.add("subresource %s is gone".formatted(subresource));
      }
    }
    found.addAll(SchemaNarrowing.between(schema(old), schema(fresh.get()), NOT_THE_USERS));
  }

  private static JsonNode schema(JsonNode version) {
    return version.path("schema").path("openAPIV3Schema");
  }
}
