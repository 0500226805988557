package io.upm.runtime.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.upm.runtime.kube.Conditions;
import io.upm.spi.topology.Decision.WaitFor;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.NodeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The status of a topology object, and whether it is worth writing. Pure.
 *
 * <p>Values that move all the time must not make the API server busy: lag, position and every other
 * number in a node's entry, and the end of a wait, are gauges, which are written when something
 * else changes, or when the last write was {@linkplain #GAUGE_INTERVAL a while} ago.
 */
final class StatusDocument {
  /** How old a gauge in status may become. */
  static final Duration GAUGE_INTERVAL = Duration.ofSeconds(30);

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final TypeReference<List<Condition>> CONDITIONS = new TypeReference<>() {};
  private static final String TOPOLOGY = "topology";
  private static final String WAITING = "waitingFor";
  private static final String POSITION = "position";
  private static final String PORT = "port";
  private static final String DEADLINE = "deadline";

  private StatusDocument() {}

  /** Status of an object as the API server gave it; an empty object when it has none. */
  static JsonNode of(@Nullable Object status) {
    return status == null ? MAPPER.createObjectNode() : normal(MAPPER.valueToTree(status));
  }

  /** The whole status after a look. */
  static JsonNode render(Look look, JsonNode previous, Instant now) {
    ObjectNode status = MAPPER.createObjectNode();
    status.put("ready", look.ready());
    status.put("message", look.message());
    status.put("observedGeneration", look.generation());
    MemoryFields.write(look.memory(), status);
    if (look.observation().isPresent()) {
      write(look.observation().get(), status);
    } else {
      status.set(
          TOPOLOGY,
          previous.path(TOPOLOGY).isObject() ? previous.path(TOPOLOGY) : MAPPER.createObjectNode());
      keep(previous, status, "readwriteService");
      keep(previous, status, "readonlyService");
    }
    look.awaited().ifPresent(awaited -> write(awaited, previous, now, status.putObject(WAITING)));
    var conditions =
        Conditions.merge(conditions(previous), look.conditions(), look.generation(), now);
    status.set("conditions", MAPPER.valueToTree(conditions));
    return normal(status);
  }

  static List<Condition> conditions(JsonNode status) {
    JsonNode conditions = status.path("conditions");
    return conditions.isArray() ? MAPPER.convertValue(conditions, CONDITIONS) : List.of();
  }

  /**
   * Whether a status is to be written.
   *
   * @param age how long ago status was written last
   */
  static boolean worthWriting(JsonNode written, JsonNode next, Duration age) {
    if (next.equals(written)) {
      return false;
    }
    return age.compareTo(GAUGE_INTERVAL) >= 0
        || !withoutGauges(next).equals(withoutGauges(written));
  }

  private static void write(Look.Observation observation, ObjectNode status) {
    var reports =
        observation.report().nodes().stream()
            .collect(Collectors.toMap(NodeReport::name, Function.identity(), (one, other) -> one));
    ObjectNode nodes = status.putObject(TOPOLOGY);
    for (Endpoint endpoint : observation.endpoints()) {
      write(
          endpoint,
          Optional.ofNullable(reports.get(endpoint.name())),
          observation.unread().contains(endpoint.name()),
          nodes.putObject(endpoint.name()));
    }
    status.put("readwriteService", observation.services().readwrite());
    observation.services().readonly().ifPresent(name -> status.put("readonlyService", name));
  }

  private static void write(
      Endpoint endpoint, Optional<NodeReport> report, boolean unread, ObjectNode node) {
    report.ifPresent(known ->
        new TreeMap<>(known.details())
            .forEach((name, value) -> node.set(name, MAPPER.valueToTree(value))));
    node.put("host", endpoint.host());
    node.put(PORT, endpoint.port());
    node.put("role", report.map(NodeReport::role).orElse("None"));
    boolean ready = report.map(NodeReport::ready).orElse(false);
    node.put("ready", ready);
    node.put("status", ready ? "Healthy" : unread ? "Unknown" : "Failed");
    report
        .map(NodeReport::problem)
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> node.put("problem", text));
    report
        .map(NodeReport::position)
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> node.put(POSITION, text));
    report.ifPresent(known -> known.lagSeconds().ifPresent(lag -> node.put("lagSeconds", lag)));
  }

  private static void write(WaitFor awaited, JsonNode previous, Instant now, ObjectNode fields) {
    JsonNode before = previous.path(WAITING);
    boolean same = awaited.predicate().equals(before.path("predicate").textValue());
    String since = before.path("since").textValue();
    fields.put("predicate", awaited.predicate());
    fields.put("since", same && since != null ? since : Conditions.time(now));
    fields.put(DEADLINE, Conditions.time(awaited.until()));
    fields.put("unblock", awaited.unblock());
  }

  private static void keep(JsonNode previous, ObjectNode status, String field) {
    if (previous.has(field)) {
      status.set(field, previous.get(field));
    }
  }

  private static JsonNode withoutGauges(JsonNode status) {
    JsonNode copy = status.deepCopy();
    if (copy.path(WAITING) instanceof ObjectNode awaited) {
      // Often reckoned from the time of the look.
      awaited.remove(DEADLINE);
    }
    for (JsonNode node : copy.path(TOPOLOGY)) {
      if (node instanceof ObjectNode fields) {
        fields.remove(POSITION);
        fields
            .properties()
            .removeIf(field -> field.getValue().isNumber() && !field.getKey().equals(PORT));
      }
    }
    return copy;
  }

  /** Numbers as a parser makes them, so that an int equals the same long. */
  private static JsonNode normal(JsonNode tree) {
    try {
      return MAPPER.readTree(tree.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was just written can be read", e);
    }
  }
}
