package io.upm.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The CRDs in {@code /crds} are what the types say. {@code -Dupm.crds.update=true} writes them
 * anew.
 */
class CrdsTest {
  private static final Path CRDS = Path.of("..", "crds");
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();

  /**
   * Kubernetes' own types are described by Kubernetes: their fields say under which path {@code
   * kubectl explain} has them.
   */
  private static final Map<String, String> FOREIGN =
      Map.of(
          "spec.env", "pod.spec.containers.env",
          "spec.extraVolume.volume", "pod.spec.volumes",
          "spec.topologySpreadConstraints.labelSelector", "deployment.spec.selector",
          "spec.template.spec", "pod.spec",
          "spec.volumeClaimTemplates.spec", "persistentvolumeclaim.spec");

  /** Lists whose items have a name: each name is there once, and several appliers can share one. */
  private static final Map<String, List<String>> KEYED =
      Map.of(
          "storages", List.of("name"),
          "emptyDir", List.of("name"),
          "grants", List.of("database"),
          "imagePullSecrets", List.of("name"),
          "resizePolicy", List.of("resourceName"),
          "topologySpreadConstraints", List.of("topologyKey", "whenUnsatisfiable"));

  private static final Map<String, String> CONDITION =
      Map.of(
          "type", "What the condition is about.",
          "status", "True, False or Unknown.",
          "reason", "Why, as one word.",
          "message", "Why, as a sentence; says what to do when something has to be done.",
          "lastTransitionTime", "When the status changed last.",
          "observedGeneration", "Generation of the spec that the condition is about.");

  static Stream<Class<? extends HasMetadata>> kinds() {
    return Stream.of(
        Unit.class,
        UnitSet.class,
        Project.class,
        Plugin.class,
        GrpcCall.class,
        Backup.class,
        BackupSchedule.class,
        Database.class,
        DatabaseUser.class);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void areUpToDate(Class<? extends HasMetadata> kind) throws IOException {
    String text =
        "# Generated from %s; edit that.\n".formatted(kind.getName())
            + YAML.writeValueAsString(crd(kind));
    Path file = CRDS.resolve(crd(kind).path("metadata").path("name").asText() + ".yaml");
    if (Boolean.getBoolean("upm.crds.update")) {
      Files.createDirectories(CRDS);
      Files.writeString(file, text, StandardCharsets.UTF_8);
    }
    assertThat(file)
        .as("run the tests of upm-runtime with -Dupm.crds.update=true and look at the difference")
        .hasContent(text);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void describeEveryField(Class<? extends HasMetadata> kind) throws IOException {
    JsonNode schema = schema(crd(kind));
    var silent = new ArrayList<String>();
    for (String part : List.of("spec", "status")) {
      collectSilent(part, schema.path("properties").path(part), silent);
    }

    assertThat(silent).isEmpty();
  }

  @Test
  void scaleBySubresource() throws IOException {
    JsonNode scale =
        crd(UnitSet.class).path("spec").path("versions").path(0).path("subresources").path("scale");

    assertThat(scale.path("specReplicasPath").asText()).isEqualTo(".spec.units");
    assertThat(scale.path("statusReplicasPath").asText()).isEqualTo(".status.units");
    assertThat(scale.path("labelSelectorPath").asText()).isEqualTo(".status.selector");
  }

  private static void collectSilent(String path, JsonNode schema, List<String> silent) {
    for (Map.Entry<String, JsonNode> field : properties(schema).properties()) {
      String name = path + "." + field.getKey();
      if (!field.getValue().hasNonNull("description")) {
        silent.add(name);
      }
      collectSilent(name, field.getValue(), silent);
    }
  }

  private static JsonNode schema(JsonNode crd) {
    return crd.path("spec").path("versions").path(0).path("schema").path("openAPIV3Schema");
  }

  /** The generator's result, with columns in the order in which they are declared. */
  private static ObjectNode crd(Class<? extends HasMetadata> kind) throws IOException {
    var output = new Output();
    new CRDGenerator().withOutput(output).customResourceClasses(List.of(kind)).generate();
    ObjectNode crd = (ObjectNode) YAML.readTree(output.only());
    ObjectNode version = (ObjectNode) crd.path("spec").path("versions").path(0);
    List<String> order =
        Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
            .map(AdditionalPrinterColumn::name)
            .toList();
    var columns = new ArrayList<JsonNode>();
    version.path("additionalPrinterColumns").forEach(columns::add);
    columns.sort(Comparator.comparing(column -> order.indexOf(column.path("name").asText())));
    version.putArray("additionalPrinterColumns").addAll(columns);
    if (kind != Project.class) {
      ((ObjectNode) schema(crd)).putArray("required").add("spec");
    }
    JsonNode properties = schema(crd).path("properties");
    KEYED.forEach((list, keys) -> {
      if (properties.path("spec").path("properties").path(list) instanceof ObjectNode items) {
        items.put("x-kubernetes-list-type", "map");
        keys.forEach(items.withArrayProperty("x-kubernetes-list-map-keys")::add);
      }
    });
    describe("spec", properties.path("spec"), "");
    describe("status", properties.path("status"), "");
    return crd;
  }

  /**
   * Describes the fields of Kubernetes' own types.
   *
   * @param explained where {@code kubectl explain} has the schema; empty for a type of ours
   */
  private static void describe(String path, JsonNode schema, String explained) {
    JsonNode properties = properties(schema);
    for (Map.Entry<String, JsonNode> field : properties.properties()) {
      String name = path + "." + field.getKey();
      String next =
          explained.isEmpty() ? FOREIGN.getOrDefault(name, "") : explained + "." + field.getKey();
      if (!explained.isEmpty()) {
        ((ObjectNode) field.getValue()).put("description", "See: kubectl explain " + next);
      } else if (path.equals("status.conditions")) {
        ((ObjectNode) field.getValue()).put("description", CONDITION.get(field.getKey()));
      }
      describe(name, field.getValue(), next);
    }
  }

  private static JsonNode properties(JsonNode schema) {
    return schema.has("items")
        ? schema.path("items").path("properties")
        : schema.path("properties");
  }

  /** Keeps what the generator writes. */
  private static final class Output implements CRDGenerator.CRDOutput<OutputStream> {
    private final Map<String, ByteArrayOutputStream> files = new TreeMap<>();

    @Override
    public OutputStream outputFor(String name) {
      return files.computeIfAbsent(name, key -> new ByteArrayOutputStream());
    }

    @Override
    public java.net.URI crdURI(String name) {
      return java.net.URI.create("file:///memory/" + name);
    }

    @Override
    public void close() {}

    String only() {
      assertThat(files).hasSize(1);
      return files.values().iterator().next().toString(StandardCharsets.UTF_8);
    }
  }
}
