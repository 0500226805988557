package io.upm.host.plugin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.upm.spi.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Records of a plugin from JSON and back. One for each loaded plugin, and gone with it: what
 * Jackson remembers about classes stays in here, never in a static cache.
 *
 * <p>Before a record is made, the JSON is checked against it: unknown fields, missing ones, types,
 * allowed values and the Jakarta Validation annotations on its components. A component is required
 * when it is {@code @NotNull}, {@code @NotBlank}, {@code @NotEmpty} or of a primitive type, and has
 * no {@code @JsonProperty(defaultValue)}. One that is absent is its default; without a default an
 * absent list, set or map is empty, an absent {@code Optional} too, anything else is null.
 */
public final class RecordCodec {
  private static final int CACHED_TYPES = 200;
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private final JsonMapper mapper;

  /**
   * @param loader class loader of the records
   */
  public RecordCodec(ClassLoader loader) {
    JsonMapper.Builder builder =
        JsonMapper.builder()
            .typeFactory(
                TypeFactory.defaultInstance()
                    .withClassLoader(loader)
                    .withCache(new LRUMap<>(CACHED_TYPES / 10, CACHED_TYPES)))
            .addModule(new Jdk8Module())
            .serializationInclusion(JsonInclude.Include.NON_ABSENT)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    var emptyForNull = JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY);
    for (Class<?> container : List.of(Collection.class, List.class, Set.class, Map.class)) {
      builder.withConfigOverride(container, override -> override.setSetterInfo(emptyForNull));
    }
    this.mapper = builder.build();
  }

  /**
   * Makes a record.
   *
   * @param type the record
   * @param tree what to make it of
   * @param path where the tree comes from, for problems; such as {@code spec}
   */
  public <T extends Record> Conversion<T> read(Class<T> type, JsonNode tree, String path) {
    JsonNode complete = tree.deepCopy();
    List<Problem> problems = new RecordCheck(mapper).check(type, complete, path);
    if (!problems.isEmpty()) {
      return Conversion.refused(problems);
    }
    try {
      return Conversion.of(mapper.treeToValue(complete, type));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return Conversion.refused(List.of(problem(e, complete, path)));
    } catch (LinkageError | StackOverflowError | AssertionError e) {
      return Conversion.refused(
          List.of(new Problem(path, RecordCheck.excerpt(complete), Detached.summary(e))));
    }
  }

  /**
   * As {@link #read(Class, JsonNode, String)}, from text.
   *
   * @throws IllegalArgumentException when it is no JSON
   */
  public <T extends Record> Conversion<T> read(Class<T> type, String json, String path) {
    try {
      return read(type, mapper.readTree(json), path);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(path + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** As {@link #read(Class, JsonNode, String)}, from maps, lists, strings, numbers, booleans. */
  public <T extends Record> Conversion<T> read(Class<T> type, Map<String, ?> tree, String path) {
    return read(type, mapper.<JsonNode>valueToTree(tree), path);
  }

  /** The record as JSON, without components that are null or empty Optionals. */
  public JsonNode write(Record value) {
    return mapper.valueToTree(value);
  }

  /** The record as maps, lists, strings, numbers and booleans. */
  public Map<String, Object> writeMap(Record value) {
    return mapper.convertValue(value, MAP);
  }

  /** What is wrong with a record that was made by other means than {@link #read}. */
  public List<Problem> check(Record value, String path) {
    return new RecordCheck(mapper).check(value.getClass(), write(value), path);
  }

  private static Problem problem(Exception failure, JsonNode tree, String path) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (!(failure instanceof JsonMappingException mapping)) {
      return new Problem(path, RecordCheck.excerpt(tree), Detached.summary(root));
    }
    var where = new StringBuilder(path);
    JsonNode node = tree;
    for (JsonMappingException.Reference step : mapping.getPath()) {
      if (step.getFieldName() == null) {
        where.append('[').append(step.getIndex()).append(']');
        node = node.path(step.getIndex());
      } else {
        where.append('.').append(step.getFieldName());
        node = node.path(step.getFieldName());
      }
    }
    String why =
        switch (root) {
          case JsonProcessingException json -> json.getOriginalMessage();
          case IllegalArgumentException meant -> String.valueOf(meant.getMessage());
          default -> Detached.summary(root);
        };
    return new Problem(where.toString(), RecordCheck.excerpt(node), why);
  }
}
