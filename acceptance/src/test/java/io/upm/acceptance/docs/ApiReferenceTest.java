package io.upm.acceptance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The API reference is what the CRDs say; {@code -Dupm.docs.update=true} writes it anew. */
class ApiReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "api.md");
  private static final YAMLMapper YAML = new YAMLMapper();

  /** Kubernetes describes its own types. */
  private static final Map<String, String> FOREIGN =
      Map.of(
          "spec.env", "core/v1 EnvVar",
          "spec.extraVolume.volume", "core/v1 Volume",
          "spec.template.spec", "core/v1 PodSpec",
          "spec.volumeClaimTemplates.spec", "core/v1 PersistentVolumeClaimSpec",
          "spec.topologySpreadConstraints.labelSelector", "meta/v1 LabelSelector",
          "status.conditions", "meta/v1 Condition");

  @Test
  void isUpToDate() throws IOException {
    String text = page();
    if (Boolean.getBoolean("upm.docs.update")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, text, StandardCharsets.UTF_8);
    }
    assertThat(PAGE)
        .as("run the tests of acceptance with -Dupm.docs.update=true and look at the difference")
        .hasContent(text);
  }

  private static String page() throws IOException {
    var text =
        new StringBuilder(
            """
            <!-- Generated from the resource kinds in crds/; edit those. -->
            # API reference

            `kubectl explain unitset.spec` says the same. Fields are optional unless they are marked with *.

            """);
    var kinds = new TreeMap<String, JsonNode>();
    for (Path file : crds()) {
      JsonNode crd = YAML.readTree(file.toFile());
      kinds.put(crd.path("spec").path("names").path("kind").asText(), crd);
    }
    kinds.forEach((kind, crd) -> kind(text, kind, crd));
    return text.toString();
  }

  /** Those of the runtime, and those that plugins bring. */
  private static List<Path> crds() throws IOException {
    var crds = new ArrayList<Path>(yaml(Path.of("..", "crds")));
    try (Stream<Path> plugins = Files.list(Path.of("..", "plugins"))) {
      for (Path plugin : plugins.sorted().toList()) {
        Path own = plugin.resolve("crds");
        if (Files.isDirectory(own)) {
          crds.addAll(yaml(own));
        }
      }
    }
    return crds;
  }

  private static List<Path> yaml(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(one -> one.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static void kind(StringBuilder text, String kind, JsonNode crd) {
    JsonNode names = crd.path("spec").path("names");
    JsonNode version = crd.path("spec").path("versions").path(0);
    JsonNode schema = version.path("schema").path("openAPIV3Schema");
    text.append("## ").append(kind).append("\n\n");
    text.append(
        "`%s/%s`, %s; `kubectl get %s`%s.%n%n"
            .formatted(
                crd.path("spec").path("group").asText(),
                version.path("name").asText(),
                crd.path("spec").path("scope").asText().equals("Namespaced")
                    ? "in a namespace"
                    : "in the whole cluster",
                names.path("plural").asText(),
                names.path("shortNames").isEmpty()
                    ? ""
                    : " or `kubectl get %s`".formatted(names.path("shortNames").path(0).asText())));
    for (String part : List.of("spec", "status")) {
      JsonNode fields = schema.path("properties").path(part);
      text.append("### ").append(kind).append(' ').append(part).append("\n\n");
      text.append("| field | type | what |\n| --- | --- | --- |\n");
      fields(text, part, fields);
      text.append('\n');
      rules(text, fields);
    }
    rules(text, schema);
  }

  private static void fields(StringBuilder text, String path, JsonNode schema) {
    var required = new ArrayList<String>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      String name = path + "." + field.getKey();
      JsonNode value = field.getValue();
      String plain = name.replace("[]", "");
      text.append(
          "| `%s`%s | %s | %s |%n"
              .formatted(
                  name,
                  required.contains(field.getKey()) ? " *" : "",
                  type(value, plain),
                  what(value)));
      if (!FOREIGN.containsKey(plain)) {
        fields(
            text,
            value.has("items") ? name + "[]" : name,
            value.has("items") ? value.path("items") : value);
      }
    }
  }

  private static String type(JsonNode value, String path) {
    String foreign = FOREIGN.get(path);
    if (foreign != null) {
      return value.has("items") ? "list of " + foreign : foreign;
    }
    if (value.path("x-kubernetes-int-or-string").asBoolean()) {
      return "number or text";
    }
    return switch (value.path("type").asText()) {
      case "array" -> "list of " + type(value.path("items"), path + "[]");
      case "object" -> value.has("additionalProperties") ? "map" : "object";
      case "string" -> "text";
      case "integer" -> "whole number";
      case "number" -> "number";
      case "boolean" -> "true or false";
      default -> "any";
    };
  }

  private static String what(JsonNode value) {
    var what =
        new StringBuilder(
            value.path("description").asText().replace("|", "\\|").replace("<", "&lt;"));
    if (value.has("enum")) {
      var allowed = new ArrayList<String>();
      value.path("enum").forEach(one -> allowed.add("`" + one.asText() + "`"));
      what.append(" One of ").append(String.join(", ", allowed)).append('.');
    }
    if (value.has("default")) {
      what.append(" Default: `").append(value.path("default").asText()).append("`.");
    }
    if (value.has("minimum") || value.has("maximum")) {
      what.append(" From ")
          .append(value.path("minimum").asText("-∞").replace(".0", ""))
          .append(" to ")
          .append(value.path("maximum").asText("∞").replace(".0", ""))
          .append('.');
    }
    return what.toString().strip();
  }

  private static void rules(StringBuilder text, JsonNode schema) {
    JsonNode rules = schema.path("x-kubernetes-validations");
    if (!rules.isEmpty()) {
      text.append("Refused otherwise:\n\n");
      rules.forEach(rule -> text.append("* ").append(rule.path("message").asText()).append('\n'));
      text.append('\n');
    }
  }
}
