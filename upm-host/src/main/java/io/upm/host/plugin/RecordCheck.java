package io.upm.host.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.upm.spi.Problem;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares JSON with a record, field by field, and fills in defaults. Finds everything that is
 * wrong at once, before any code of the record runs.
 */
final class RecordCheck {
  private static final int EXCERPT = 80;

  /** Type of what is inside a raw collection. */
  private static final AnnotatedType ANYTHING = Object[].class.getAnnotatedSuperclass();

  private final JsonMapper mapper;
  private final List<Problem> problems = new ArrayList<>();

  RecordCheck(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /** Everything that is wrong with the tree, which is completed with defaults. */
  List<Problem> check(Class<? extends Record> type, JsonNode tree, String path) {
    record(type, tree, path);
    return List.copyOf(problems);
  }

  /** A value for a message: short, on one line. */
  static String excerpt(JsonNode value) {
    String text = value.isValueNode() ? value.asText() : value.toString();
    return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "…";
  }

  private void record(Class<?> type, JsonNode tree, String path) {
    if (!(tree instanceof ObjectNode object)) {
      refuse(path, tree, "an object");
      return;
    }
    List<RecordField> fields = RecordField.of(type);
    Set<String> known = fields.stream().map(RecordField::name).collect(Collectors.toSet());
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        refuse(
            path + "." + name,
            object.get(name),
            "there is no such field; there is "
                + fields.stream().map(RecordField::name).collect(Collectors.joining(", ")));
      }
    }
    for (RecordField field : fields) {
      field(field, object, path + "." + field.name());
    }
  }

  private void field(RecordField field, ObjectNode object, String path) {
    if (!object.hasNonNull(field.name())) {
      field.defaultValue().ifPresent(value -> object.set(field.name(), value));
    }
    JsonNode value = object.get(field.name());
    if (value != null && !value.isNull()) {
      value(field.type(), field.annotations(), value, path);
    } else if (field.required()) {
      problems.add(new Problem(path, "", allowed(field.type(), field.annotations())));
    }
  }

  private void value(
      AnnotatedType type, List<Annotation> annotations, JsonNode value, String path) {
    Class<?> plain = RecordField.raw(type.getType());
    if (plain == Optional.class) {
      AnnotatedType inner = argument(type, 0);
      value(inner, both(annotations, inner), value, path);
      return;
    }
    if (!fits(plain, value)
        || Constraints.of(annotations).stream().anyMatch(one -> !one.allows(value))) {
      refuse(path, value, allowed(type, annotations));
      return;
    }
    if (plain.isRecord()) {
      record(plain, value, path);
    } else if (value instanceof ArrayNode array) {
      AnnotatedType element =
          type instanceof AnnotatedArrayType of
              ? of.getAnnotatedGenericComponentType()
              : argument(type, 0);
      for (int index = 0; index < array.size(); index++) {
        inside(element, array.get(index), path + "[" + index + "]");
      }
    } else if (Map.class.isAssignableFrom(plain)) {
      AnnotatedType element = argument(type, 1);
      value
          .properties()
          .forEach(entry -> inside(element, entry.getValue(), path + "." + entry.getKey()));
    }
  }

  private void inside(AnnotatedType type, JsonNode value, String path) {
    List<Annotation> annotations = List.of(type.getAnnotations());
    if (value.isNull()) {
      problems.add(new Problem(path, "", allowed(type, annotations)));
    } else {
      value(type, annotations, value, path);
    }
  }

  private boolean fits(Class<?> type, JsonNode value) {
    return switch (Kind.of(type)) {
      case TEXT -> value.isTextual();
      case WHOLE -> value.isIntegralNumber() && (wide(type) || value.canConvertToInt());
      case NUMBER -> value.isNumber();
      case TRUTH -> value.isBoolean();
      case CHOICE -> value.isTextual() && choices(type).contains(value.textValue());
      case LIST -> value.isArray();
      case OBJECT -> value.isObject();
      case OTHER -> true;
    };
  }

  private static boolean wide(Class<?> type) {
    return type == long.class || type == Long.class || type == java.math.BigInteger.class;
  }

  /** What a field may hold, in words. */
  private String allowed(AnnotatedType type, List<Annotation> annotations) {
    Class<?> plain = RecordField.raw(type.getType());
    if (plain == Optional.class) {
      AnnotatedType inner = argument(type, 0);
      return allowed(inner, both(annotations, inner));
    }
    String kind =
        switch (Kind.of(plain)) {
          case TEXT -> "text";
          case WHOLE -> "a whole number";
          case NUMBER -> "a number";
          case TRUTH -> "true or false";
          case CHOICE -> "one of " + String.join(", ", choices(plain));
          case LIST -> "a list";
          case OBJECT -> "an object";
          case OTHER -> "a value";
        };
    String bounds =
        Constraints.of(annotations).stream()
            .map(Constraints.Constraint::words)
            .filter(words -> !words.isEmpty())
            .collect(Collectors.joining(", "));
    return bounds.isEmpty() ? kind : kind + ", " + bounds;
  }

  /** Constants as JSON has them, in their order. */
  private List<String> choices(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> mapper.convertValue(constant, String.class))
        .toList();
  }

  private void refuse(String path, JsonNode value, String allowed) {
    problems.add(new Problem(path, excerpt(value), allowed));
  }

  private static List<Annotation> both(List<Annotation> outer, AnnotatedType inner) {
    var all = new HashSet<>(outer);
    all.addAll(List.of(inner.getAnnotations()));
    return List.copyOf(all);
  }

  private static AnnotatedType argument(AnnotatedType type, int place) {
    return type instanceof AnnotatedParameterizedType generic
        ? generic.getAnnotatedActualTypeArguments()[place]
        : ANYTHING;
  }

  /** What JSON holds for a Java type. */
  private enum Kind {
    TEXT,
    WHOLE,
    NUMBER,
    TRUTH,
    CHOICE,
    LIST,
    OBJECT,
    OTHER;

    private static final Set<Class<?>> WHOLES =
        Set.of(
            int.class,
            Integer.class,
            long.class,
            Long.class,
            short.class,
            Short.class,
            java.math.BigInteger.class);
    private static final Set<Class<?>> NUMBERS =
        Set.of(double.class, Double.class, float.class, Float.class, java.math.BigDecimal.class);

    static Kind of(Class<?> type) {
      if (CharSequence.class.isAssignableFrom(type)) {
        return TEXT;
      }
      if (WHOLES.contains(type)) {
        return WHOLE;
      }
      if (NUMBERS.contains(type)) {
        return NUMBER;
      }
      if (type == boolean.class || type == Boolean.class) {
        return TRUTH;
      }
      if (type.isEnum()) {
        return CHOICE;
      }
      if (type.isArray() || Collection.class.isAssignableFrom(type)) {
        return LIST;
      }
      return type.isRecord() || Map.class.isAssignableFrom(type) ? OBJECT : OTHER;
    }
  }
}
