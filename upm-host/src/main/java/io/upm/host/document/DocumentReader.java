package io.upm.host.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.upm.host.plugin.PluginKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads instance documents token by token. Data binding would do the same with 600 classes more,
 * which each agent beside each database would hold in memory for this one record.
 */
final class DocumentReader {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int MAX_DEPTH = 8;

  private final Map<?, ?> fields;
  private final String path;

  private DocumentReader(Map<?, ?> fields, String path) {
    this.fields = fields;
    this.path = path;
  }

  static InstanceDocument read(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      Object root = value(parser, 0);
      if (parser.nextToken() != null) {
        throw refused("there is more after its end");
      }
      if (!(root instanceof Map<?, ?> fields)) {
        throw refused("it is not an object");
      }
      return new DocumentReader(fields, "").document();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not an instance document: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalStateException("text can always be read", e);
    }
  }

  private InstanceDocument document() {
    return new InstanceDocument(
        number("revision"),
        required("engine"),
        required("version"),
        text("mode"),
        flag("running"),
        flag("awaitsRestore"),
        identity(object("identity")),
        limits(object("limits")),
        texts("mounts"),
        texts("settings"),
        numbers("ports"),
        list("peers", DocumentReader::peer),
        texts("parameters"),
        text("secretPath"),
        text("cipherPath"),
        fields.get("plugin") == null ? null : key(object("plugin")));
  }

  private static InstanceDocument.Identity identity(DocumentReader in) {
    return new InstanceDocument.Identity(
        in.required("namespace"),
        in.required("set"),
        in.required("unit"),
        in.small("ordinal"),
        in.required("host"));
  }

  private static InstanceDocument.Limits limits(DocumentReader in) {
    return new InstanceDocument.Limits(in.number("memoryBytes"), in.number("cpuMillis"));
  }

  private static InstanceDocument.Peer peer(DocumentReader in) {
    return new InstanceDocument.Peer(in.required("unit"), in.small("ordinal"), in.required("host"));
  }

  private static PluginKey key(DocumentReader in) {
    return new PluginKey(in.required("id"), in.required("version"), in.required("digest"));
  }

  private String required(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      throw refused(path + name + " is missing");
    }
    return text;
  }

  private String text(String name) {
    return switch (fields.get(name)) {
      case null -> "";
      case String text -> text;
      default -> throw refused(path + name + " is not text");
    };
  }

  private long number(String name) {
    return switch (fields.get(name)) {
      case null -> 0;
      case Long number -> number;
      default -> throw refused(path + name + " is not a whole number");
    };
  }

  private int small(String name) {
    long number = number(name);
    if (number != (int) number) {
      throw refused(path + name + " is too large");
    }
    return (int) number;
  }

  private boolean flag(String name) {
    return switch (fields.get(name)) {
      case null -> false;
      case Boolean flag -> flag;
      default -> throw refused(path + name + " is neither true nor false");
    };
  }

  private DocumentReader object(String name) {
    return switch (fields.get(name)) {
      case null -> throw refused(path + name + " is missing");
      case Map<?, ?> inner -> new DocumentReader(inner, path + name + ".");
      default -> throw refused(path + name + " is not an object");
    };
  }

  private Map<String, String> texts(String name) {
    return map(name, DocumentReader::text);
  }

  private Map<String, Integer> numbers(String name) {
    return map(name, DocumentReader::small);
  }

  private interface Entry<T> {
    T read(DocumentReader in, String key);
  }

  private <T> Map<String, T> map(String name, Entry<T> entry) {
    var map = new LinkedHashMap<String, T>();
    if (fields.get(name) != null) {
      DocumentReader inner = object(name);
      for (Object key : inner.fields.keySet()) {
        map.put(key.toString(), entry.read(inner, key.toString()));
      }
    }
    return map;
  }

  private <T> List<T> list(String name, Function<DocumentReader, T> entry) {
    var list = new ArrayList<T>();
    switch (fields.get(name)) {
      case null -> {
        // Absent is empty.
      }
      case List<?> values -> {
        for (Object value : values) {
          if (!(value instanceof Map<?, ?> inner)) {
            throw refused(path + name + " holds something that is not an object");
          }
          list.add(entry.apply(new DocumentReader(inner, path + name + ".")));
        }
      }
      default -> throw refused(path + name + " is not a list");
    }
    return list;
  }

  /** The value that begins with the current token. */
  private static @Nullable Object value(JsonParser parser, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw refused("it is nested too deeply");
    }
    return switch (parser.currentToken()) {
      case null -> throw refused("it is empty");
      case START_OBJECT -> {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          fields.put(name, value(parser, depth + 1));
        }
        yield fields;
      }
      case START_ARRAY -> {
        var values = new ArrayList<@Nullable Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(value(parser, depth + 1));
        }
        yield values;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw refused("it breaks off");
    };
  }

  private static IllegalArgumentException refused(String why) {
    return new IllegalArgumentException("not an instance document: " + why);
  }
}
