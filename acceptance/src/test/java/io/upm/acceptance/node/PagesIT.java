package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.upm.acceptance.docs.Pages;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every manifest of the pages is accepted by the API server, resource kinds and webhook included,
 * as if it were applied. What is applied for good in the other tests isn't here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("side-by-side")
class PagesIT {
  private Cluster cluster;

  @BeforeAll
  void makeNamespace() {
    cluster = Cluster.inNamespace("acceptance-pages");
  }

  @AfterAll
  void removeNamespace() {
    cluster.close();
  }

  static Stream<Pages.Block> manifests() {
    return Pages.manifests().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("manifests")
  void areAccepted(Pages.Block block) {
    List<HasMetadata> objects =
        cluster
            .client
            .load(new ByteArrayInputStream(block.text().getBytes(StandardCharsets.UTF_8)))
            .items();
    assertThat(objects).isNotEmpty();
    for (HasMetadata object : objects) {
      HasMetadata stored =
          where(object)
              .dryRun()
              .fieldValidation(FieldValidateable.Validation.STRICT)
              .fieldManager("pages")
              .serverSideApply();
      assertThat(stored.getMetadata().getName()).isEqualTo(object.getMetadata().getName());
    }
  }

  /** In the namespace of the test, unless it belongs into none. */
  private Resource<HasMetadata> where(HasMetadata object) {
    if (Set.of("Project", "Plugin").contains(object.getKind())) {
      return cluster.client.resource(object);
    }
    object.getMetadata().setNamespace(cluster.namespace);
    return cluster.client.resource(object).inNamespace(cluster.namespace);
  }
}
