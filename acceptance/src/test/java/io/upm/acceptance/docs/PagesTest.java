package io.upm.acceptance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be known of the pages without a cluster. */
class PagesTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern COMMAND = Pattern.compile("(?m)(?:^ +|`)(?:\\./)?upm ([a-z]+)\\b");

  /** Of the script and of the tool. */
  private static final Set<String> COMMANDS =
      Set.of(
          "up",
          "down",
          "build",
          "test",
          "status",
          "get",
          "logs",
          "plan",
          "explain",
          "restart",
          "stop",
          "start",
          "pause",
          "resume",
          "plugin",
          "assemble",
          "report",
          "completion",
          "version",
          "help");

  /** Maps that users fill, so that what stands in them is theirs. */
  private static final Set<String> FREE =
      Set.of("labels", "annotations", "imageOverrides", "nodeSelector", "affinity", "resources");

  private static final YAMLMapper YAML = new YAMLMapper();

  static List<Path> pages() {
    return Pages.all();
  }

  static Stream<Pages.Block> manifests() {
    return Pages.manifests().stream();
  }

  static Stream<Pages.Block> values() {
    return Pages.values().stream();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void leadToFilesThatAreThere(Path page) {
    var dead = new ArrayList<String>();
    Matcher links = LINK.matcher(Pages.read(page));
    while (links.find()) {
      if (!Files.exists(page.resolveSibling(links.group(1)))) {
        dead.add(links.group(1));
      }
    }

    assertThat(dead).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void nameCommandsThatThereAre(Path page) {
    var unknown = new ArrayList<String>();
    Matcher commands = COMMAND.matcher(Pages.read(page));
    while (commands.find()) {
      if (!COMMANDS.contains(commands.group(1))) {
        unknown.add(commands.group(1));
      }
    }

    assertThat(unknown).isEmpty();
  }

  /** Which {@code PagesIT} then has the API server judge. */
  @ParameterizedTest
  @MethodSource("manifests")
  void showWholeObjects(Pages.Block block) throws IOException {
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(block.text())) {
      assertThat(documents.readAll())
          .isNotEmpty()
          .allSatisfy(object -> {
            assertThat(object.at("/apiVersion").asText()).isNotEmpty();
            assertThat(object.at("/kind").asText()).isNotEmpty();
            assertThat(object.at("/metadata/name").asText()).isNotEmpty();
          });
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  void nameSettingsThatTheChartHas(Pages.Block block) throws IOException {
    JsonNode chart = YAML.readTree(Path.of("..", "charts", "upm", "values.yaml").toFile());
    var unknown = new ArrayList<String>();

    collectUnknown("", YAML.readTree(block.text()), chart, unknown);

    assertThat(unknown).isEmpty();
  }

  @Test
  void haveAPageForEachTask() {
    assertThat(Pages.all().stream().map(page -> page.getFileName().toString()))
        .contains(
            "install.md",
            "create.md",
            "scale.md",
            "upgrade.md",
            "plugins.md",
            "actions.md",
            "databases.md",
            "storage.md",
            "nodes.md",
            "tls.md",
            "security.md",
            "monitoring.md",
            "troubleshooting.md",
            "configuration.md",
            "uninstall.md",
            "cli.md",
            "api.md");
  }

  private static void collectUnknown(
      String path, JsonNode wanted, JsonNode chart, List<String> unknown) {
    for (Map.Entry<String, JsonNode> field : wanted.properties()) {
      String name = path + "." + field.getKey();
      if (!chart.has(field.getKey())) {
        unknown.add(name);
      } else if (field.getValue().isObject() && !FREE.contains(field.getKey())) {
        collectUnknown(name, field.getValue(), chart.path(field.getKey()), unknown);
      }
    }
  }
}
