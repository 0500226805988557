package io.upm.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Takes out of objects and texts what nobody else may read. Pure. Four nets, so that what slips
 * through one is caught by another: values of Secrets that are known, fields whose names say that
 * they are secret, assignments in text that do, and private keys.
 */
final class Redaction {
  static final String MASK = "<redacted>";

  /** Shorter ones are words of every text. */
  private static final int SHORTEST = 6;

  private static final String SECRETIVE =
      "passw|pwd|passphrase|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key";

  private static final Pattern NAME =
      Pattern.compile(".*(?:" + SECRETIVE + ").*", Pattern.CASE_INSENSITIVE);

  /** Names of fields that lead to a secret without being one. */
  private static final Pattern REFERENCE =
      Pattern.compile(".*(?:Name|Path|Ref|Namespace|Policy)", Pattern.CASE_INSENSITIVE);

  /** Engines say whether a password was used. */
  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "([\"']?[\\w.-]*(?:password|passwd|pwd|passphrase|token|secret)[\\w.-]*[\"']?\\s*[=:]\\s*)"
              + "(?!(?:YES|NO)\\b)(\"[^\"]*\"|'[^']*'|[^\\s,;}\"']+)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern IDENTIFIED =
      Pattern.compile("(IDENTIFIED\\s+BY\\s+)('[^']*'|\"[^\"]*\")", Pattern.CASE_INSENSITIVE);

  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", Pattern.DOTALL);

  /** Credentials in the address of something. */
  private static final Pattern ADDRESS = Pattern.compile("(\\w+://[^\\s:/@]+:)([^\\s/@]+)(@)");

  private static final JsonMapper JSON = new JsonMapper();

  /** Longest first, so that none is left in part. */
  private final List<String> values;

  /**
   * A redaction that knows some values.
   *
   * @param secrets values of Secrets, decoded
   */
  Redaction(Collection<String> secrets) {
    var known = new TreeSet<String>();
    for (String secret : secrets) {
      for (String value : List.of(secret, secret.strip())) {
        if (value.length() >= SHORTEST && !value.contains("-----BEGIN CERTIFICATE")) {
          known.add(value);
          known.add(base64(value));
          known.add(TextNode.valueOf(value).toString().replaceAll("^\"|\"$", ""));
        }
      }
    }
    values = new ArrayList<>(known);
    values.sort(Comparator.comparing(String::length).reversed());
  }

  /** A text without secrets. */
  String text(String text) {
    String redacted = PRIVATE_KEY.matcher(text).replaceAll(MASK);
    redacted = IDENTIFIED.matcher(redacted).replaceAll("$1" + MASK);
    redacted = ASSIGNMENT.matcher(redacted).replaceAll("$1" + MASK);
    redacted = ADDRESS.matcher(redacted).replaceAll("$1" + MASK + "$3");
    for (String value : values) {
      redacted = redacted.replace(value, MASK);
    }
    return redacted;
  }

  /** An object without secrets, and without what only machines read. */
  JsonNode object(JsonNode object) {
    JsonNode copy = object.deepCopy();
    if (copy instanceof ObjectNode fields) {
      if (fields.path("metadata") instanceof ObjectNode metadata) {
        metadata.remove("managedFields");
        if (metadata.path("annotations") instanceof ObjectNode annotations) {
          annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        }
      }
      if ("Secret".equals(fields.path("kind").asText())) {
        mask(fields.path("data"));
        mask(fields.path("stringData"));
        return fields;
      }
      return tree(fields);
    }
    return tree(copy);
  }

  private static void mask(JsonNode data) {
    if (data instanceof ObjectNode fields) {
      fields.properties().forEach(entry -> entry.setValue(TextNode.valueOf(MASK)));
    }
  }

  private JsonNode tree(JsonNode node) {
    return switch (node) {
      case ObjectNode fields -> fields(fields);
      case ArrayNode items -> {
        for (int i = 0; i < items.size(); i++) {
          items.set(i, tree(items.get(i)));
        }
        yield items;
      }
      case TextNode text -> TextNode.valueOf(leaf(text.textValue()));
      default -> node;
    };
  }

  private JsonNode fields(ObjectNode fields) {
    boolean secretVariable =
        fields.path("value").isTextual() && NAME.matcher(fields.path("name").asText()).matches();
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      String name = field.getKey();
      boolean secret = (secretVariable && name.equals("value")) || isSecret(name);
      boolean value = field.getValue().isTextual() || field.getValue().isNumber();
      field.setValue(secret && value ? TextNode.valueOf(MASK) : tree(field.getValue()));
    }
    return fields;
  }

  /** Text in an object may be an object itself, as in a ConfigMap. */
  private String leaf(String text) {
    String start = text.stripLeading();
    if (start.startsWith("{") || start.startsWith("[")) {
      try {
        JsonNode inner = JSON.readTree(text);
        if (inner.isContainerNode()) {
          return tree(inner).toString();
        }
      } catch (JsonProcessingException e) {
        return text(text);
      }
    }
    return text(text);
  }

  private static String base64(String value) {
    return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a name says that its value is secret. */
  static boolean isSecret(String name) {
    return NAME.matcher(name).matches() && !REFERENCE.matcher(name).matches();
  }
}
