package io.upm.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeanStoreTest {
  private static ManagedFieldsEntry entry(String manager, String subresource) {
    return new ManagedFieldsEntryBuilder()
        .withManager(manager)
        .withSubresource(subresource)
        .build();
  }

  @Test
  void keepsWhoOwnsWhatButOfTheStatus() {
    LeanStore<Pod> store = Objects.requireNonNull(LeanStore.of(Set.of("db")));
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace("db")
            .withName("db-0")
            .withManagedFields(
                entry("upm-unit", ""),
                entry("kubelet", "status"),
                entry("kubectl-edit", ""),
                entry("upm-unit", "resize"))
            .endMetadata()
            .withNewStatus()
            .withPhase("Running")
            .endStatus()
            .build();

    store.put("db/db-0", pod);

    Pod kept = store.get("db/db-0");
    assertThat(kept.getMetadata().getManagedFields())
        .containsExactly(
            entry("upm-unit", ""), entry("kubectl-edit", ""), entry("upm-unit", "resize"));
    assertThat(kept.getStatus().getPhase()).isEqualTo("Running");
  }

  @Test
  void isNotSharedByTheInformersOfSeveralNamespaces() {
    assertThat(LeanStore.<Pod>of(Set.of())).isNotNull();
    assertThat(LeanStore.<Pod>of(Set.of("a", "b"))).isNull();
  }
}
