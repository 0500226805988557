package io.upm.runtime.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.fabric8.kubernetes.api.model.FieldsV1;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Reads equal values as one. The objects of a fleet are much alike: the same labels, images and
 * paths, and the same fields owned by the same managers, of which there is a map for each field of
 * each object. Most of what caches would hold is copies of the same.
 */
public final class SharedValues extends SimpleModule {
  private static final long serialVersionUID = 1L;

  /** Longer texts are seldom equal, and cost most to compare. */
  private static final int LONGEST = 128;

  public SharedValues() {
    super("shared-values");
    addDeserializer(String.class, new Strings());
    addDeserializer(FieldsV1.class, new Fields());
  }

  /**
   * The last of the values that fell on each slot: bounded, and seldom wrong about what is common.
   */
  private static final class Pool<T> {
    private static final int SLOTS = 1 << 13;

    private final AtomicReferenceArray<@Nullable T> slots = new AtomicReferenceArray<>(SLOTS);

    T share(T value) {
      int hash = value.hashCode();
      int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
      T known = slots.get(slot);
      if (value.equals(known)) {
        return known;
      }
      slots.set(slot, value);
      return value;
    }
  }

  private static final class Strings extends StdScalarDeserializer<String> {
    private static final long serialVersionUID = 1L;

    private final transient Pool<String> pool = new Pool<>();

    Strings() {
      super(String.class);
    }

    @Override
    public @Nullable String deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return shared(StringDeserializer.instance.deserialize(parser, context));
    }

    @Override
    public @Nullable String deserializeWithType(
        JsonParser parser, DeserializationContext context, TypeDeserializer types)
        throws IOException {
      return shared(StringDeserializer.instance.deserializeWithType(parser, context, types));
    }

    private @Nullable String shared(@Nullable String text) {
      return text == null || text.length() > LONGEST ? text : pool.share(text);
    }
  }

  private static final class Fields extends StdScalarDeserializer<FieldsV1> {
    private static final long serialVersionUID = 1L;

    private final transient Pool<Map<String, Object>> pool = new Pool<>();

    Fields() {
      super(FieldsV1.class);
    }

    @Override
    public FieldsV1 deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      var fields = new FieldsV1();
      fields.setAdditionalProperties(map(parser));
      return fields;
    }

    /** Of nothing but maps, the innermost ones empty. */
    private Map<String, Object> map(JsonParser parser) throws IOException {
      var map = new HashMap<String, Object>();
      if (parser.currentToken() == JsonToken.START_OBJECT) {
        parser.nextToken();
      }
      while (parser.currentToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.START_OBJECT) {
          map.put(name, map(parser));
        } else {
          parser.skipChildren();
          map.put(name, Map.of());
        }
        parser.nextToken();
      }
      return map.isEmpty() ? Map.of() : pool.share(Map.copyOf(map));
    }
  }
}
