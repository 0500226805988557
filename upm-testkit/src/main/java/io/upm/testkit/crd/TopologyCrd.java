package io.upm.testkit.crd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.upm.spi.topology.TopologyDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Custom resource definitions out of topology descriptors. The same descriptor gives the same text,
 * so that a test can tell when a checked-in file is out of date.
 *
 * <p>Which annotations of a spec record count:
 *
 * <ul>
 *   <li>{@code @JsonPropertyDescription}, {@code @JsonClassDescription} and the name in
 *       {@code @JsonProperty};
 *   <li>required: {@code @NotNull}, {@code @NotBlank}, {@code @NotEmpty} or a primitive type,
 *       unless there is a default;
 *   <li>default: {@code @JsonProperty(defaultValue)}, {@code {}} for a record whose own fields have
 *       defaults;
 *   <li>{@code @Min}, {@code @Max}, {@code @Positive}, {@code @PositiveOrZero}, {@code @Size},
 *       {@code @Pattern} (without look-around, which the API server does not know).
 * </ul>
 */
public final class TopologyCrd {
  public static final String GROUP = "upm.syntropycloud.io";
  public static final String VERSION = "v1alpha1";

  /**
   * Set to true, this system property makes {@link #assertUpToDate} write what it would compare.
   */
  public static final String UPDATE = "upm.crds.update";

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private TopologyCrd() {}

  /** Name of the definition, such as {@code mykinds.upm.syntropycloud.io}. */
  public static String name(TopologyDescriptor<?> descriptor) {
    return descriptor.plural() + "." + GROUP;
  }

  /** The definition as YAML. */
  public static String yaml(TopologyDescriptor<?> descriptor) {
    ObjectNode crd = JsonNodeFactory.instance.objectNode();
    crd.put("apiVersion", "apiextensions.k8s.io/v1");
    crd.put("kind", "CustomResourceDefinition");
    crd.putObject("metadata").put("name", name(descriptor));
    ObjectNode spec = crd.putObject("spec");
    spec.put("group", GROUP);
    spec.put("scope", "Namespaced");
    spec.set("names", names(descriptor));
    spec.putArray("versions").add(version(descriptor));
    try {
      // Through a map, which sorts what a tree keeps in the order of its making.
      return YAML.writeValueAsString(YAML.treeToValue(crd, Map.class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /**
   * Fails when a checked-in definition, {@code <name>.yaml} in the directory, is not what its
   * descriptor says. With {@code -Dupm.crds.update=true} it is written instead.
   */
  public static void assertUpToDate(Path directory, TopologyDescriptor<?>... descriptors) {
    List<String> stale = new ArrayList<>();
    for (TopologyDescriptor<?> descriptor : descriptors) {
      Path file = directory.resolve(name(descriptor) + ".yaml");
      String wanted = yaml(descriptor);
      try {
        if (Boolean.getBoolean(UPDATE)) {
          Files.createDirectories(directory);
          Files.writeString(file, wanted);
        } else if (!Files.exists(file) || !Files.readString(file).equals(wanted)) {
          stale.add(file.toString());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (!stale.isEmpty()) {
      throw new AssertionError(
          "%s: not what the spec record says; run with -D%s=true and commit the difference"
              .formatted(String.join(", ", stale), UPDATE));
    }
  }

  private static ObjectNode names(TopologyDescriptor<?> descriptor) {
    ObjectNode names = JsonNodeFactory.instance.objectNode();
    names.put("kind", descriptor.kind());
    names.put("listKind", descriptor.kind() + "List");
    names.put("plural", descriptor.plural());
    names.put("singular", descriptor.kind().toLowerCase(Locale.ROOT));
    if (!descriptor.shortName().isEmpty()) {
      names.putArray("shortNames").add(descriptor.shortName());
    }
    return names;
  }

  private static ObjectNode version(TopologyDescriptor<?> descriptor) {
    ObjectNode version = JsonNodeFactory.instance.objectNode();
    version.put("name", VERSION);
    version.put("served", true);
    version.put("storage", true);
    version.putObject("subresources").putObject("status");
    version.set("additionalPrinterColumns", columns(descriptor));
    version.putObject("schema").set("openAPIV3Schema", schema(descriptor));
    return version;
  }

  private static ObjectNode schema(TopologyDescriptor<?> descriptor) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.put("type", "object");
    schema.putArray("required").add("spec");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("apiVersion").put("type", "string");
    properties.putObject("kind").put("type", "string");
    properties.putObject("metadata").put("type", "object");
    properties.set("spec", RecordSchema.of(descriptor.spec()));
    properties.set("status", StatusSchema.of(descriptor));
    return schema;
  }

  private static ArrayNode columns(TopologyDescriptor<?> descriptor) {
    ArrayNode columns = JsonNodeFactory.instance.arrayNode();
    column(columns, "READY", "boolean", ".status.ready");
    for (TopologyDescriptor.Column column : descriptor.columns()) {
      column(columns, column.name(), "string", column.jsonPath());
    }
    column(columns, "AGE", "date", ".metadata.creationTimestamp");
    return columns;
  }

  private static void column(ArrayNode columns, String name, String type, String path) {
    columns.addObject().put("name", name).put("type", type).put("jsonPath", path);
  }
}
