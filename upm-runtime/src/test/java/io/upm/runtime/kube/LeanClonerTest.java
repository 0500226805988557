package io.upm.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.upm.runtime.api.Project;
import io.upm.runtime.api.ProjectStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeanClonerTest {
  private final LeanCloner cloner = new LeanCloner(new KubernetesSerialization());

  @Test
  void copiesWhatReconcilersChangeAndSharesTheRest() {
    var original = new Project();
    original.getMetadata().setName("db");
    original.getMetadata().setResourceVersion("7");
    original.getMetadata().setLabels(Map.of("team", "a"));
    original.getMetadata().setFinalizers(List.of("one"));
    original.setStatus(new ProjectStatus(1L, null, null, null, List.of()));

    Project copy = cloner.clone(original);

    assertThat(copy).isEqualTo(original).isNotSameAs(original);
    assertThat(copy.getStatus()).isSameAs(original.getStatus());
    copy.addFinalizer("two.upm.syntropycloud.io/it");
    copy.getMetadata().setResourceVersion("8");
    copy.setStatus(null);
    assertThat(original.getMetadata().getFinalizers()).containsExactly("one");
    assertThat(original.getMetadata().getResourceVersion()).isEqualTo("7");
    assertThat(original.getStatus()).isNotNull();
  }

  @Test
  void copiesOthersWhole() {
    ConfigMap original =
        new ConfigMapBuilder().withNewMetadata().withName("db").endMetadata().build();

    ConfigMap copy = cloner.clone(original);
    copy.setData(Map.of("key", "value"));

    assertThat(copy.getMetadata()).isEqualTo(original.getMetadata());
    assertThat(original.getData()).isNullOrEmpty();
  }
}
