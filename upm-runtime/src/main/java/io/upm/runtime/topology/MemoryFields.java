package io.upm.runtime.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.upm.spi.topology.Intent;
import io.upm.spi.topology.Memory;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a topology remembers, as fields of its status: {@code epoch}, {@code source}, {@code intent}
 * and {@code facts}. Written and read without loss.
 */
final class MemoryFields {
  private static final String EPOCH = "epoch";
  private static final String SOURCE = "source";
  private static final String INTENT = "intent";
  private static final String FACTS = "facts";

  private MemoryFields() {}

  static void write(Memory memory, ObjectNode status) {
    status.put(EPOCH, memory.epoch());
    memory.source().ifPresent(source -> status.put(SOURCE, source));
    memory.intent().ifPresent(intent -> write(intent, status.putObject(INTENT)));
    if (!memory.facts().isEmpty()) {
      write(memory.facts(), status.putObject(FACTS));
    }
  }

  /** What is there; a field that can't be read counts as not there. */
  static Memory read(JsonNode status) {
    return new Memory(
        status.path(EPOCH).asLong(0),
        text(status, SOURCE),
        intent(status.path(INTENT)),
        texts(status.path(FACTS)));
  }

  private static void write(Intent intent, ObjectNode fields) {
    fields.put("kind", intent.kind());
    fields.put("target", intent.target());
    fields.put("epoch", intent.epoch());
    fields.put("began", intent.began().toString());
    fields.put("deadline", intent.deadline().toString());
    write(intent.notes(), fields.putObject("notes"));
  }

  private static void write(Map<String, String> texts, ObjectNode fields) {
    new TreeMap<>(texts).forEach(fields::put);
  }

  private static Optional<Intent> intent(JsonNode fields) {
    var kind = text(fields, "kind");
    var began = time(fields, "began");
    var deadline = time(fields, "deadline");
    if (kind.isEmpty() || began.isEmpty() || deadline.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Intent(
            kind.get(),
            text(fields, "target").orElse(""),
            fields.path("epoch").asLong(0),
            began.get(),
            deadline.get(),
            texts(fields.path("notes"))));
  }

  private static Optional<String> text(JsonNode fields, String name) {
    return Optional.ofNullable(fields.path(name).textValue()).filter(text -> !text.isEmpty());
  }

  private static Optional<Instant> time(JsonNode fields, String name) {
    try {
      return text(fields, name).map(Instant::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Map<String, String> texts(JsonNode fields) {
    var texts = new TreeMap<String, String>();
    fields.properties().forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
    return texts;
  }
}
