package io.upm.testkit.crd;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.upm.spi.topology.TopologyDescriptor;
import java.util.List;

/** The status that the runtime writes to every topology, whatever its kind. */
final class StatusSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final String NO_ROLE = "None";

  private StatusSchema() {}

  static ObjectNode of(TopologyDescriptor<?> descriptor) {
    ObjectNode status = object("What the runtime observed. Written by it alone.");
    ObjectNode fields = properties(status);
    fields.set("ready", typed("boolean", "Whether everything is as the spec wants it."));
    fields.set("message", text("What is missing, or that all is well, as one sentence."));
    fields.set("observedGeneration", whole("Generation of the spec that this status speaks of."));
    fields.set(
        "epoch", whole("Grows with each promotion; a node of an older epoch takes no writes."));
    fields.set("source", text("Node that was last observed as the one taking writes."));
    fields.set("topology", mapOf(node(descriptor.roles()), "The nodes by name, as observed."));
    fields.set("readwriteService", text("Service that leads to the node taking writes."));
    fields.set("readonlyService", text("Service that leads to the nodes serving reads."));
    fields.set("conditions", conditions());
    fields.set("waitingFor", waitingFor());
    fields.set("intent", intent());
    fields.set("facts", mapOf(text(""), "What else the runtime remembers between observations."));
    return status;
  }

  private static ObjectNode node(List<String> roles) {
    ObjectNode node = object("");
    ObjectNode fields = properties(node);
    fields.set("host", text("DNS name or address."));
    fields.set("port", typed("integer", "Port for clients.").put("format", "int32"));
    String known = roles.stream().filter(role -> !role.equals(NO_ROLE)).collect(joining(", "));
    fields.set("role", text("As observed: " + known + " or " + NO_ROLE + "."));
    fields.set("status", text("Healthy, Failed or Unknown."));
    fields.set("ready", typed("boolean", "Whether it does what the spec wants of it."));
    fields.set("problem", text("What is wrong, as one sentence."));
    fields.set("lagSeconds", whole("How far it is behind, in seconds."));
    fields.set("position", text("How far it has come, as the engine writes it."));
    return node.put("x-kubernetes-preserve-unknown-fields", true);
  }

  private static ObjectNode conditions() {
    ObjectNode condition = object("");
    ObjectNode fields = properties(condition);
    fields.set("type", text("What it is about."));
    ObjectNode state = text("True, False or Unknown.");
    state.putArray("enum").add("True").add("False").add("Unknown");
    fields.set("status", state);
    fields.set("reason", text("Why, as one word."));
    fields.set("message", text("Why, as one sentence."));
    fields.set("lastTransitionTime", time("When its status last changed."));
    fields.set("observedGeneration", whole("Generation of the spec that it speaks of."));
    condition.putArray("required").add("type").add("status");
    ObjectNode conditions = typed("array", "Conditions by type.");
    conditions.set("items", condition);
    conditions.put("x-kubernetes-list-type", "map");
    conditions.putArray("x-kubernetes-list-map-keys").add("type");
    return conditions;
  }

  private static ObjectNode waitingFor() {
    ObjectNode waiting = object("What is awaited, if anything is.");
    ObjectNode fields = properties(waiting);
    fields.set("predicate", text("What is awaited."));
    fields.set("since", time("Since when."));
    fields.set("deadline", time("When something else is decided."));
    fields.set("unblock", text("What the user can do."));
    return waiting;
  }

  private static ObjectNode intent() {
    ObjectNode intent = object("What is under way, if it takes several steps.");
    ObjectNode fields = properties(intent);
    fields.set("kind", text("What it is."));
    fields.set("target", text("Node that it is about."));
    fields.set("epoch", whole("Epoch that it works at."));
    fields.set("began", time("When it was begun."));
    fields.set("deadline", time("When it is abandoned and writes are restored."));
    fields.set("notes", mapOf(text(""), "What was learned on the way."));
    return intent;
  }

  private static ObjectNode mapOf(ObjectNode value, String description) {
    ObjectNode map = typed("object", description);
    map.set("additionalProperties", value);
    return map;
  }

  private static ObjectNode object(String description) {
    return typed("object", description);
  }

  private static ObjectNode properties(ObjectNode object) {
    return object.putObject("properties");
  }

  private static ObjectNode text(String description) {
    return typed("string", description);
  }

  private static ObjectNode time(String description) {
    return text(description).put("format", "date-time");
  }

  private static ObjectNode whole(String description) {
    return typed("integer", description).put("format", "int64");
  }

  private static ObjectNode typed(String type, String description) {
    ObjectNode schema = JSON.objectNode().put("type", type);
    return description.isEmpty() ? schema : schema.put("description", description);
  }
}
