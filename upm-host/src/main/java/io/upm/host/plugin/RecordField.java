package io.upm.host.plugin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One component of a record, as a field of JSON. The one place with the rules of what is required
 * and what the default is, for the codec and for the CRDs.
 *
 * @param name in JSON
 * @param type type, with the annotations on it and inside it
 * @param annotations annotations on the component itself
 */
public record RecordField(String name, AnnotatedType type, List<Annotation> annotations) {
  /** For trees only: never sees a class of a plugin. */
  private static final JsonMapper JSON = new JsonMapper();

  public RecordField {
    annotations = List.copyOf(annotations);
  }

  /** The components of a record, in their order. */
  public static List<RecordField> of(Class<?> record) {
    var fields = new ArrayList<RecordField>();
    for (RecordComponent component : record.getRecordComponents()) {
      fields.add(of(record, component));
    }
    return fields;
  }

  private static RecordField of(Class<?> record, RecordComponent component) {
    List<Annotation> annotations;
    try {
      // Jackson's and Jakarta's annotations do not name record components as their target; the
      // compiler puts them on the component's private field.
      annotations =
          Arrays.asList(record.getDeclaredField(component.getName()).getDeclaredAnnotations());
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("a record has a field for each component", e);
    }
    String name =
        find(annotations, JsonProperty.class)
            .map(JsonProperty::value)
            .filter(value -> !value.isEmpty())
            .orElse(component.getName());
    return new RecordField(name, component.getAnnotatedType(), annotations);
  }

  /** Whether JSON must have it. */
  public boolean required() {
    boolean wanted =
        has(NotNull.class)
            || has(NotBlank.class)
            || has(NotEmpty.class)
            || (type.getType() instanceof Class<?> plain && plain.isPrimitive());
    return wanted && defaultValue().isEmpty();
  }

  /** What an absent field stands for: the text of its default, as text or else as JSON. */
  public Optional<JsonNode> defaultValue() {
    return annotation(JsonProperty.class)
        .map(JsonProperty::defaultValue)
        .filter(text -> !text.isEmpty())
        .map(this::literal);
  }

  private JsonNode literal(String text) {
    Class<?> plain = raw(type.getType());
    if (CharSequence.class.isAssignableFrom(plain) || plain.isEnum()) {
      return TextNode.valueOf(text);
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(text);
    }
  }

  /**
   * Jakarta constraints on it that neither the codec nor a CRD checks, by simple name; a record
   * with such a one promises what nobody keeps.
   */
  public List<String> uncheckedConstraints() {
    return annotations.stream()
        .map(Annotation::annotationType)
        .filter(kind -> kind.getPackage().equals(NotNull.class.getPackage()))
        .filter(kind -> !Constraints.CHECKED.contains(kind))
        .map(Class::getSimpleName)
        .toList();
  }

  public <A extends Annotation> Optional<A> annotation(Class<A> wanted) {
    return find(annotations, wanted);
  }

  private boolean has(Class<? extends Annotation> wanted) {
    return annotation(wanted).isPresent();
  }

  static Class<?> raw(Type type) {
    return switch (type) {
      case Class<?> plain -> plain;
      case ParameterizedType generic -> (Class<?>) generic.getRawType();
      default -> Object.class;
    };
  }

  private static <A extends Annotation> Optional<A> find(
      List<Annotation> annotations, Class<A> wanted) {
    return annotations.stream().filter(wanted::isInstance).map(wanted::cast).findFirst();
  }
}
