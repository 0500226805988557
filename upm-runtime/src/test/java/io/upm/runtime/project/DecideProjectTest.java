package io.upm.runtime.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.upm.runtime.addon.AddOnKind;
import io.upm.runtime.api.Project;
import io.upm.runtime.api.ProjectSpec;
import io.upm.runtime.api.ProjectSpec.Algorithm;
import io.upm.runtime.api.ProjectSpec.AuthoritySpec;
import io.upm.runtime.api.ProjectSpec.KeySpec;
import io.upm.runtime.api.ProjectStatus;
import io.upm.runtime.project.ProjectView.KeyState;
import io.upm.spi.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DecideProjectTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final AuthoritySpec AUTHORITY =
      new AuthoritySpec(true, "Team A", "team-ca", null, null, null);

  private final Project project = project(new ProjectSpec(null));
  private Optional<Namespace> namespace =
      Optional.of(
          new NamespaceBuilder()
              .withNewMetadata()
              .withName("team-a")
              .withUid("uid-1")
              .endMetadata()
              .build());
  private Optional<ServiceAccount> account = Optional.empty();
  private KeyState key = KeyState.MISSING;
  private Set<AddOnKind> addOns = Set.of();
  private List<GenericKubernetesResource> authority = List.of();

  @Test
  void makesTheNamespaceFirst() {
    namespace = Optional.empty();

    ProjectDecision decision = decide();

    assertThat(decision.namespace()).isPresent();
    assertThat(decision.account()).isEmpty();
    assertThat(decision.makesKey()).isFalse();
  }

  @Test
  void makesAccountAndKeyInIt() {
    ProjectDecision decision = decide();

    assertThat(decision.account().orElseThrow().getMetadata().getName())
        .isEqualTo("team-a-serviceaccount");
    assertThat(decision.makesKey()).isTrue();
    assertThat(decision.namespace().orElseThrow().getMetadata().getOwnerReferences()).isEmpty();
  }

  @Test
  void makesAKeyOnceForANamespace() {
    project.setStatus(told("uid-1"));
    assertThat(decide().makesKey()).isFalse();
    assertThat(decide().trouble()).contains("is gone: restore it");

    project.setStatus(told("uid-of-a-namespace-before"));
    assertThat(decide().makesKey()).isTrue();
  }

  @Test
  void leavesAKeyThatCannotBeUsed() {
    key = KeyState.UNUSABLE;

    assertThat(decide().makesKey()).isFalse();
    assertThat(decide().trouble()).contains("AES_SECRET_KEY", "32 characters");
  }

  @Test
  void leavesWhatSomebodyElseMade() {
    account =
        Optional.of(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("team-a-serviceaccount")
                .endMetadata()
                .build());

    assertThat(decide().account()).isEmpty();
  }

  @Test
  void doesNothingInANamespaceThatGoes() {
    namespace.orElseThrow().getMetadata().setDeletionTimestamp("2026-11-21T12:00:00Z");

    ProjectDecision decision = decide();

    assertThat(decision.namespace()).isEmpty();
    assertThat(decision.makesKey()).isFalse();
    assertThat(decision.trouble()).contains("is being deleted");
  }

  @Test
  void makesAnAuthorityWithCertManagerAndSaysWhenThereIsNone() {
    project.setSpec(new ProjectSpec(AUTHORITY));
    assertThat(decide().authority()).isEmpty();
    assertThat(decide().missing()).containsExactly(AddOnKind.ISSUER, AddOnKind.CERTIFICATE);
    assertThat(decide().trouble()).contains("spec.ca needs cert-manager");

    addOns = Set.of(AddOnKind.ISSUER, AddOnKind.CERTIFICATE);
    authority = decide().authority();
    assertThat(authority).extracting(one -> one.getKind()).containsExactly("Issuer", "Certificate");
    assertThat(decide().trouble()).isEmpty();

    project.setSpec(new ProjectSpec(null));
    assertThat(decide().surplus()).isEqualTo(authority);
  }

  @Test
  void changesNothingForASpecThatIsWrong() {
    project.setSpec(
        new ProjectSpec(
            new AuthoritySpec(true, " ", "Bad", "1h", "2h", new KeySpec(Algorithm.ED25519, 256))));

    ProjectDecision decision = decide();

    assertThat(decision.problems())
        .extracting(Problem::field)
        .containsExactly(
            "spec.ca.commonName",
            "spec.ca.secretName",
            "spec.ca.renewBefore",
            "spec.ca.privateKey.size");
    assertThat(decision.namespace()).isEmpty();
    assertThat(ProjectReport.status(view(), decision, List.of()).conditions().getFirst())
        .satisfies(condition -> {
          assertThat(condition.getStatus()).isEqualTo("False");
          assertThat(condition.getMessage()).contains("spec.ca.commonName", "less than");
        });
  }

  @Test
  void neverTellsTheKey() {
    key = KeyState.USABLE;
    account = Optional.of(ProjectObjects.account(project));

    ProjectStatus status = ProjectReport.status(view(), decide(), List.of());

    assertThat(status.key()).isEqualTo(new ProjectStatus.KeyStatus("aes-secret-key", "uid-1"));
    assertThat(status.conditions().getFirst().getMessage())
        .isEqualTo("namespace team-a has all it needs");
  }

  private ProjectView view() {
    return new ProjectView(project, namespace, account, key, addOns, authority, NOW);
  }

  private ProjectDecision decide() {
    return DecideProject.decide(view());
  }

  private static ProjectStatus told(String namespaceUid) {
    return new ProjectStatus(
        1L, "team-a", null, new ProjectStatus.KeyStatus("aes-secret-key", namespaceUid), List.of());
  }

  private static Project project(ProjectSpec spec) {
    var project = new Project();
    project.setMetadata(
        new ObjectMetaBuilder().withName("team-a").withLabels(Map.of("team", "a")).build());
    project.setSpec(spec);
    return project;
  }
}
