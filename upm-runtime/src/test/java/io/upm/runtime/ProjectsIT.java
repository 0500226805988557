package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.upm.runtime.api.Project;
import io.upm.runtime.api.ProjectSpec;
import io.upm.runtime.kube.Conditions;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Projects against a real API server. */
@Tag("side-by-side")
class ProjectsIT {
  private ControllerScene scene;
  private String name;

  @BeforeEach
  void open() throws IOException {
    scene = new ControllerScene();
    name = scene.cluster().namespace() + "-pj";
  }

  @AfterEach
  void close() {
    if (scene != null) {
      scene.cluster().client().resources(Project.class).withName(name).delete();
      scene.cluster().client().namespaces().withName(name).delete();
      scene.close();
    }
  }

  @Test
  void haveNamespaceAccountAndKeyAndThenWriteNothing() {
    make(new ProjectSpec(null), Map.of("team", "a"));
    awaitReady();

    assertThat(scene.cluster().client().namespaces().withName(name).get().getMetadata().getLabels())
        .containsEntry("team", "a")
        .containsEntry("unit-operator/project", name);
    ServiceAccount account =
        scene
            .cluster()
            .client()
            .serviceAccounts()
            .inNamespace(name)
            .withName(name + "-serviceaccount")
            .require();
    assertThat(account.getAutomountServiceAccountToken()).isFalse();
    assertThat(key()).matches("[A-Za-z0-9_-]{32}");
    assertThat(secret().getImmutable()).isTrue();
    assertThat(live().getStatus().toString()).doesNotContain(key());
    String before = versions();

    scene.restart();

    await()
        .during(QUIET)
        .atMost(SOON)
        .untilAsserted(() -> assertThat(versions()).isEqualTo(before));
  }

  @Test
  void takeLabelsAwayAgain() {
    make(new ProjectSpec(null), Map.of("team", "a"));
    awaitReady();

    scene
        .cluster()
        .client()
        .resources(Project.class)
        .withName(name)
        .edit(project -> {
          project.getMetadata().setLabels(Map.of("tier", "gold"));
          return project;
        });

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(
                    scene
                        .cluster()
                        .client()
                        .namespaces()
                        .withName(name)
                        .get()
                        .getMetadata()
                        .getLabels())
                .containsEntry("tier", "gold")
                .doesNotContainKey("team"));
  }

  @Test
  void keepEverythingWhenTheyAreDeleted() {
    make(new ProjectSpec(null), Map.of());
    awaitReady();
    String key = key();

    scene.cluster().client().resources(Project.class).withName(name).delete();
    await()
        .atMost(SOON)
        .until(
            () -> scene.cluster().client().resources(Project.class).withName(name).get() == null);

    await().during(QUIET).atMost(SOON).until(() -> key.equals(key()));
    make(new ProjectSpec(null), Map.of());
    awaitReady();
    assertThat(key()).as("the old one").isEqualTo(key);
  }

  @Test
  void neverReplaceAKeyThatIsGone() {
    make(new ProjectSpec(null), Map.of());
    awaitReady();
    Secret kept = secret();

    scene.cluster().client().resource(kept).delete();

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(message()).contains("is gone: restore it from a backup", name));
    assertThat(
            scene.cluster().client().secrets().inNamespace(name).withName("aes-secret-key").get())
        .isNull();
    scene
        .cluster()
        .client()
        .resource(
            new SecretBuilder(kept)
                .editMetadata()
                .withResourceVersion(null)
                .withUid(null)
                .endMetadata()
                .build())
        .create();
    awaitReady();
  }

  @Test
  void takeNothingForTheirsThatOnlyHasTheirLabel() {
    make(new ProjectSpec(null), Map.of());
    awaitReady();
    var client = scene.cluster().client();
    for (String namespace : List.of(name, scene.cluster().namespace())) {
      client
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withName("other")
                  .withNamespace(namespace)
                  .addToLabels("unit-operator/project", name)
                  .endMetadata()
                  .addToStringData("AES_SECRET_KEY", "short")
                  .build())
          .create();
    }

    client.resource(secret()).delete();

    await().atMost(SOON).untilAsserted(() -> assertThat(message()).contains("is gone: restore it"));
  }

  @Test
  void leaveAForeignKeyAsItIs() {
    scene
        .cluster()
        .client()
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    scene
        .cluster()
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("aes-secret-key")
                .withNamespace(name)
                .endMetadata()
                .addToStringData("AES_SECRET_KEY", "0123456789abcdef0123456789abcdef")
                .build())
        .create();

    make(new ProjectSpec(null), Map.of());
    awaitReady();

    assertThat(key()).isEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(secret().getMetadata().getLabels()).isNullOrEmpty();
  }

  @Test
  void sayWhatTheAuthorityNeeds() {
    make(
        new ProjectSpec(new ProjectSpec.AuthoritySpec(true, "Team A", "team-ca", null, null, null)),
        Map.of());

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(message()).contains("spec.ca needs cert-manager"));
    assertThat(key()).as("made all the same").hasSize(32);
    try (var kinds = AddOnDefinitions.install(scene.cluster().client())) {
      await().atMost(SOON).untilAsserted(() -> assertThat(message()).contains("is not issued yet"));
      var certificate = kinds.get("Certificate", name, name);
      assertThat(String.valueOf(certificate.getAdditionalProperties().get("spec")))
          .contains("isCA=true", "commonName=Team A", "secretName=team-ca");
      assertThat(certificate.getMetadata().getOwnerReferences()).isEmpty();
      kinds.issue(certificate);
      awaitReady();
      var other = new GenericKubernetesResourceBuilder(certificate).build();
      other.setMetadata(
          new ObjectMetaBuilder()
              .withName("other")
              .withNamespace(name)
              .addToLabels("unit-operator/project", name)
              .build());
      scene.cluster().client().resource(other).create();

      scene
          .cluster()
          .client()
          .resources(Project.class)
          .withName(name)
          .edit(project -> {
            project.setSpec(new ProjectSpec(null));
            return project;
          });
      await()
          .during(QUIET)
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(kinds.names("Certificate", name)).containsExactly("other"));
    }
  }

  private void make(ProjectSpec spec, Map<String, String> labels) {
    var project = new Project();
    project.setMetadata(new ObjectMetaBuilder().withName(name).withLabels(labels).build());
    project.setSpec(spec);
    scene.cluster().client().resource(project).create();
  }

  private void awaitReady() {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(message()).isEqualTo("namespace %s has all it needs".formatted(name)));
  }

  private Project live() {
    return scene.cluster().client().resources(Project.class).withName(name).require();
  }

  private String message() {
    var status = live().getStatus();
    return status == null
        ? ""
        : Conditions.find(status.conditions(), "Ready").map(one -> one.getMessage()).orElse("");
  }

  private Secret secret() {
    return scene
        .cluster()
        .client()
        .secrets()
        .inNamespace(name)
        .withName("aes-secret-key")
        .require();
  }

  private String key() {
    return new String(
        Base64.getDecoder().decode(secret().getData().get("AES_SECRET_KEY")),
        java.nio.charset.StandardCharsets.US_ASCII);
  }

  private String versions() {
    return live().getMetadata().getResourceVersion()
        + " "
        + scene
            .cluster()
            .client()
            .namespaces()
            .withName(name)
            .get()
            .getMetadata()
            .getResourceVersion()
        + " "
        + secret().getMetadata().getResourceVersion();
  }
}
