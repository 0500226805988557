package io.upm.testkit.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationOption;
import io.upm.host.plugin.RecordField;
import java.util.List;
import java.util.Optional;

/**
 * The schema of a record of a plugin, in the dialect that custom resource definitions take:
 * structural OpenAPI v3. What is required and what is the default is asked of the codec's own
 * rules.
 */
public final class RecordSchema {
  private RecordSchema() {}

  /**
   * The schema; a new tree for each call.
   *
   * @throws IllegalArgumentException when a component has a constraint that nobody would check
   */
  public static ObjectNode of(Class<? extends Record> record) {
    var builder =
        new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(
                Option.INLINE_ALL_SCHEMAS,
                Option.FLATTENED_OPTIONALS,
                Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES,
                Option.EXTRA_OPEN_API_FORMAT_VALUES)
            .without(Option.SCHEMA_VERSION_INDICATOR)
            .with(new JacksonModule(JacksonOption.FLATTENED_ENUMS_FROM_JSONPROPERTY))
            .with(new JakartaValidationModule(JakartaValidationOption.INCLUDE_PATTERN_EXPRESSIONS));
    builder
        .forFields()
        .withRequiredCheck(field -> of(field).map(RecordField::required).orElse(false))
        .withDefaultResolver(field -> of(field).flatMap(RecordField::defaultValue).orElse(null));
    ObjectNode schema = new SchemaGenerator(builder.build()).generateSchema(record);
    makeStructural(schema);
    return schema;
  }

  private static Optional<RecordField> of(FieldScope field) {
    Class<?> owner = field.getDeclaringType().getErasedType();
    if (field.isFakeContainerItemScope() || !owner.isRecord()) {
      return Optional.empty();
    }
    Optional<RecordField> found =
        RecordField.of(owner).stream()
            .filter(candidate -> candidate.name().equals(field.getSchemaPropertyName()))
            .findFirst();
    List<String> unchecked = found.map(RecordField::uncheckedConstraints).orElse(List.of());
    if (!unchecked.isEmpty()) {
      throw new IllegalArgumentException(
          "%s.%s has constraints that neither the API server nor the host checks: %s"
              .formatted(owner.getName(), field.getName(), unchecked));
    }
    return found;
  }

  private static void makeStructural(ObjectNode schema) {
    if (schema.isEmpty() || !schema.has("type")) {
      schema.put("x-kubernetes-preserve-unknown-fields", true);
    }
    if (schema.get("type") instanceof ArrayNode types) {
      // An Optional: in a resource it is absent, never null.
      schema.set("type", types.get(0));
    }
    if (schema.has("const")) {
      JsonNode only = schema.remove("const");
      schema.set("enum", JsonNodeFactory.instance.arrayNode().add(only));
    }
    if (schema.has("pattern")) {
      // Bean Validation matches the whole value, a schema looks for a match anywhere in it.
      schema.put("pattern", "^(?:" + schema.get("pattern").textValue() + ")$");
    }
    makeInclusive(schema);
    schema.path("properties").forEach(property -> makeStructural((ObjectNode) property));
    for (String inner : new String[] {"items", "additionalProperties"}) {
      if (schema.get(inner) instanceof ObjectNode element) {
        makeStructural(element);
      }
    }
  }

  /**
   * The one exclusive bound of Bean Validation that we take, "positive", is 1 for whole numbers.
   */
  private static void makeInclusive(ObjectNode schema) {
    JsonNode exclusive = schema.remove("exclusiveMinimum");
    if (exclusive != null) {
      boolean whole = schema.path("type").asText().equals("integer");
      schema.put("minimum", whole ? exclusive.asLong() + 1 : exclusive.asLong());
      if (!whole) {
        schema.put("exclusiveMinimum", true);
      }
    }
  }
}
