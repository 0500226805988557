package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ListTextTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void drawsSetsUnitsAndTopologiesInOneTable() {
    String table = ListText.draw(rows(), true, StatusText.WIDTH);

    Golden.assertMatches("list.txt", table);
    assertThat(table.lines()).allMatch(line -> line.length() <= StatusText.WIDTH);
  }

  @Test
  void namesObjectsAsKubectlDoes() {
    assertThat(ListRow.reference(Snapshots.generic("set.yaml")))
        .isEqualTo("unitset.upm.syntropycloud.io/orders");
  }

  @Test
  void leavesTheNamespaceOut() {
    assertThat(ListText.draw(rows(), false, StatusText.WIDTH)).doesNotContain("NAMESPACE", "shop");
  }

  private static List<ListRow> rows() {
    return Stream.of(
            "set.yaml",
            "unit-0.yaml",
            "unit-1-crashed.yaml",
            "topology-waiting.yaml",
            "external.yaml",
            "database-user.yaml")
        .map(Snapshots::generic)
        .map(object -> row(object))
        .toList();
  }

  private static ListRow row(GenericKubernetesResource object) {
    return ListRow.of(object, NOW);
  }
}
