package io.upm.testkit.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.upm.testkit.paper.PaperPair;
import jakarta.validation.constraints.Email;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyCrdTest {
  /** What structural schemas of custom resources must not have. */
  private static final Set<String> FORBIDDEN =
      Set.of("$ref", "$defs", "definitions", "uniqueItems", "const", "$schema", "allOf", "anyOf");

  private final PaperPair pair = new PaperPair();

  private final String update = System.getProperty(TopologyCrd.UPDATE, "");

  @AfterEach
  void restore() {
    System.setProperty(TopologyCrd.UPDATE, update);
  }

  @Test
  void isWhatWasAgreed() {
    assertThatCode(() ->
            TopologyCrd.assertUpToDate(
                Path.of("src", "test", "resources", "crds"), pair.descriptor()))
        .doesNotThrowAnyException();
  }

  @Test
  void isTheSameTextEveryTime() {
    assertThat(TopologyCrd.yaml(pair.descriptor()))
        .isEqualTo(TopologyCrd.yaml(new PaperPair().descriptor()));
  }

  @Test
  void saysWhichFileIsOutOfDateAndHowToUpdateIt(@TempDir Path directory) throws IOException {
    System.setProperty(TopologyCrd.UPDATE, "false");
    Path file = directory.resolve("paperpairs.upm.syntropycloud.io.yaml");
    for (String content : List.of("", "kind: Other\n")) {
      if (!content.isEmpty()) {
        Files.writeString(file, content);
      }
      assertThatThrownBy(() -> TopologyCrd.assertUpToDate(directory, pair.descriptor()))
          .isInstanceOf(AssertionError.class)
          .hasMessage(
              file
                  + ": not what the spec record says; run with -Dupm.crds.update=true and commit"
                  + " the difference");
    }
  }

  @Test
  void writesWhatIsOutOfDateWhenAsked(@TempDir Path directory) {
    System.setProperty(TopologyCrd.UPDATE, "true");
    TopologyCrd.assertUpToDate(directory.resolve("crds"), pair.descriptor());
    System.setProperty(TopologyCrd.UPDATE, "false");

    assertThatCode(() -> TopologyCrd.assertUpToDate(directory.resolve("crds"), pair.descriptor()))
        .doesNotThrowAnyException();
  }

  @Test
  void isStructural() throws IOException {
    JsonNode crd = new YAMLMapper().readTree(TopologyCrd.yaml(pair.descriptor()));
    JsonNode schema = crd.at("/spec/versions/0/schema/openAPIV3Schema");
    List<String> findings = new ArrayList<>();

    inspect("", schema, findings);

    assertThat(findings).isEmpty();
    assertThat(schema.at("/properties/spec/required").toString())
        .isEqualTo("[\"original\",\"secret\"]");
    assertThat(schema.at("/properties/spec/properties/service/default").toString()).isEqualTo("{}");
    assertThat(schema.at("/properties/spec/properties/method/default").asText())
        .isEqualTo("by_hand");
    assertThat(schema.at("/properties/spec/properties/original/properties/name/pattern").asText())
        .isEqualTo("^(?:[a-z0-9]([a-z0-9-]*[a-z0-9])?)$");
  }

  @Test
  void refusesConstraintsThatNobodyWouldCheck() {
    assertThatThrownBy(() -> RecordSchema.of(Outer.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            Inner.class.getName()
                + ".address has constraints that neither the API server nor the host checks:"
                + " [Email]");
  }

  record Inner(@Email String address) {}

  record Outer(List<Inner> inner) {}

  private static void inspect(String path, JsonNode schema, List<String> findings) {
    schema
        .fieldNames()
        .forEachRemaining(name -> {
          if (FORBIDDEN.contains(name)) {
            findings.add(path + " has " + name);
          }
        });
    if (!schema.path("type").isTextual()
        && !schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
      findings.add(path + " has no type");
    }
    schema
        .path("properties")
        .properties()
        .forEach(entry -> inspect(path + "/" + entry.getKey(), entry.getValue(), findings));
    for (String inner : List.of("items", "additionalProperties")) {
      if (schema.has(inner)) {
        inspect(path + "/" + inner, schema.get(inner), findings);
      }
    }
  }
}
