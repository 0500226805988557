package io.upm.runtime;

import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.testing.BadObjects;
import io.upm.runtime.testing.Manifests;
import io.upm.runtime.validation.BadSets;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every mistake of the table on a real API server: refused by it or by the webhook, and without the
 * webhook refused or reported in a condition; always with field, value and what is allowed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("side-by-side")
class BadSpecsIT {
  private ControllerScene scene;
  private Admission admission;

  @BeforeAll
  void open() throws IOException {
    scene = new ControllerScene();
    admission = new Admission(scene.cluster());
    scene.cluster().secret("empty");
    scene.cluster().secret("cipher", "AES_SECRET_KEY");
    scene.cluster().secret("tls", "tls.crt", "tls.key");
  }

  @AfterAll
  void close() {
    if (admission != null) {
      admission.close();
    }
    if (scene != null) {
      scene.close();
    }
  }

  static Stream<BadSets.Row> refused() {
    return BadSets.all().filter(row -> !row.isAboutSurroundings());
  }

  static Stream<BadSets.Row> reported() {
    return BadSets.all().filter(row -> !row.isAboutUnits());
  }

  @ParameterizedTest
  @MethodSource("refused")
  void areRefusedBeforeTheyAreStored(BadSets.Row row) {
    assertThat(admission.refusal("unitsets", true, tree(row.changes())))
        .satisfies(sentence -> tells(row, sentence));
  }

  @ParameterizedTest
  @MethodSource("reported")
  void areReportedWhenThereIsNoWebhook(BadSets.Row row) {
    ObjectNode tree = tree(row.changes());
    String name = tree.path("metadata").path("name").asText();
    String refusal = admission.store(tree);
    if (!refusal.isEmpty()) {
      tells(row, refusal);
      return;
    }
    try {
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            assertThat(scene.condition(name, "Valid"))
                .contains(row.field(), row.value(), row.allowed());
            assertThat(scene.condition(name, "Ready")).contains(row.field());
          });
      assertThat(scene.names(Unit.class)).isEmpty();
    } finally {
      scene.cluster().remove(UnitSet.class, name);
    }
  }

  @ParameterizedTest
  @MethodSource("io.upm.runtime.validation.GoodSets#all")
  void doNotIncludeWhatIsAllowed(List<String> changes) {
    assertThat(admission.refusal("unitsets", true, tree(changes))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("io.upm.runtime.testing.BadObjects#all")
  void areRefusedInUnitsAndProjectsToo(BadObjects.Row row) {
    assertThat(admission.refusal(row.plural(), true, row.tree())).contains(row.words());
  }

  @ParameterizedTest
  @MethodSource("io.upm.runtime.testing.BadObjects#fine")
  void areNotSeenInGoodUnitsAndProjects(BadObjects.Row row) {
    assertThat(admission.refusal(row.plural(), true, row.tree())).isEmpty();
  }

  @Test
  void changeNothingThatRunsAndHealWhenReverted() {
    scene.cluster().apply("db");
    scene.awaitReady("db", 3);
    var before = scene.uids();

    scene.cluster().apply("db", "spec/version='9.9'", "spec/units=5");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(scene.condition("db", "Degraded")).contains("spec.version", "9.9"));
    assertThat(scene.uids()).isEqualTo(before);
    scene.cluster().apply("db");

    scene.awaitReady("db", 3);
    assertThat(scene.uids()).isEqualTo(before);
    scene.cluster().remove(UnitSet.class, "db");
    await().atMost(SOON).until(() -> scene.names(Unit.class).isEmpty());
  }

  private static ObjectNode tree(List<String> changes) {
    return Manifests.tree(Manifests.SET, changes.toArray(String[]::new));
  }

  /** In our words, or in those of the API server, which names the last part of the field. */
  private static void tells(BadSets.Row row, String sentence) {
    String last = row.field().substring(row.field().lastIndexOf('.') + 1);
    assertThat(sentence).contains(last);
    assertThat(sentence)
        .satisfiesAnyOf(
            words -> assertThat(words).contains(row.field(), row.value(), row.allowed()),
            words ->
                assertThat(words)
                    .containsPattern("(spec|metadata)[\\w.\\[\\]]*(:| must) \\w+")
                    .containsPattern(
                        "Invalid value|Unsupported value|Required value|Too long|Too many|Duplicate"));
  }
}
