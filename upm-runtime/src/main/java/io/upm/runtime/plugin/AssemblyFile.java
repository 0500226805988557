package io.upm.runtime.plugin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an assembly is made from: {@code upm.yaml}.
 *
 * @param plugins by id
 * @param publish where runtimes get them from; empty when that is where they are now
 * @param trust whose plugins are taken
 */
record AssemblyFile(List<Entry> plugins, Optional<String> publish, PluginTrust trust) {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,62}");
  private static final Pattern VERSION =
      Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+([-+][0-9A-Za-z.+-]{1,64})?");
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final Pattern PUBLISH =
      Pattern.compile("(oci://[^/]+/.*[^/]|https://[^/]+/.*[^/]|file:///.*[^/])");

  /**
   * A plugin that is wanted.
   *
   * @param digest lower-case hexadecimal SHA-256 that it must have
   */
  record Entry(String id, String version, PluginSource source, Optional<String> digest) {}

  private record Document(
      @JsonProperty("plugins") @Nullable List<Row> plugins,
      @JsonProperty("publish") @Nullable String publish,
      @JsonProperty("trust") @Nullable JsonNode trust) {}

  private record Row(
      @JsonProperty("id") @Nullable String id,
      @JsonProperty("version") @Nullable String version,
      @JsonProperty("source") @Nullable String source,
      @JsonProperty("digest") @Nullable String digest) {}

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException with the field, its value and what is allowed
   */
  static AssemblyFile parse(String text) {
    Document document;
    try {
      document = YAML.readValue(text.isBlank() ? "{}" : text, Document.class);
    } catch (UnrecognizedPropertyException e) {
      throw new IllegalArgumentException(
          "%s: there is no such field; there are %s"
              .formatted(
                  path(e),
                  Objects.requireNonNullElse(e.getKnownPropertyIds(), List.of()).stream()
                      .map(String::valueOf)
                      .sorted()
                      .collect(Collectors.joining(", "))));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is no YAML as wanted: " + e.getOriginalMessage());
    }
    if (document.plugins() == null) {
      throw new IllegalArgumentException(
          "plugins is missing: a list of id, version and source; [] for a runtime without any");
    }
    var entries = new TreeMap<String, Entry>();
    for (int index = 0; index < document.plugins().size(); index++) {
      Entry entry = entry("plugins[" + index + "]", document.plugins().get(index));
      if (entries.put(entry.id(), entry) != null) {
        throw wrong("plugins[" + index + "].id", entry.id(), "an id that no other has");
      }
    }
    return new AssemblyFile(List.copyOf(entries.values()), publish(document), trust(document));
  }

  /** Where a runtime gets a plugin from. */
  String sourceOf(Entry entry) {
    if (publish.isEmpty()) {
      return entry.source().text();
    }
    return publish.get().startsWith("oci://")
        ? publish.get() + "/" + entry.id()
        : "%s/%s-%s.zip".formatted(publish.get(), entry.id(), entry.version());
  }

  private static Entry entry(String field, Row row) {
    String id = given(field + ".id", row.id(), ID, "a lower-case letter, then those, digits and -");
    String version = given(field + ".version", row.version(), VERSION, "such as 1.1.0");
    String digest = row.digest();
    if (digest != null && !DIGEST.matcher(digest).matches()) {
      throw wrong(field + ".digest", digest, "sha256: and 64 hexadecimal digits");
    }
    String source = row.source();
    if (source == null) {
      throw wrong(field + ".source", "", "oci://, https:// or file:/// and where the plugin is");
    }
    try {
      return new Entry(
          id,
          version,
          PluginSource.of(source, version),
          Optional.ofNullable(digest).map(text -> text.substring("sha256:".length())));
    } catch (IllegalArgumentException e) {
      throw wrong(field + ".source", source, String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> publish(Document document) {
    String publish = document.publish();
    if (publish != null && !PUBLISH.matcher(publish).matches()) {
      throw wrong(
          "publish", publish, "oci://, https:// or file:/// and a folder, without / behind");
    }
    return Optional.ofNullable(publish);
  }

  private static PluginTrust trust(Document document) {
    JsonNode trust = document.trust();
    if (trust == null) {
      return PluginTrust.DEFAULT;
    }
    try {
      return PluginTrust.parse(trust.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("trust: " + e.getOriginalMessage(), e);
    }
  }

  private static String given(
      String field, @Nullable String value, Pattern allowed, String inWords) {
    if (value == null || !allowed.matcher(value).matches()) {
      throw wrong(field, value == null ? "" : value, inWords);
    }
    return value;
  }

  private static IllegalArgumentException wrong(String field, String value, String allowed) {
    return new IllegalArgumentException(
        value.isEmpty()
            ? "%s is missing: %s".formatted(field, allowed)
            : "%s: \"%s\" is not allowed: %s".formatted(field, value, allowed));
  }

  private static String path(JsonMappingException e) {
    var text = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      text.append(
          step.getFieldName() == null
              ? "[" + step.getIndex() + "]"
              : (text.isEmpty() ? "" : ".") + step.getFieldName());
    }
    return text.toString();
  }
}
