package io.upm.runtime.project;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.upm.runtime.addon.AddOnKind;
import io.upm.runtime.api.Project;
import io.upm.runtime.api.ProjectSpec.Algorithm;
import io.upm.runtime.api.ProjectSpec.AuthoritySpec;
import io.upm.runtime.api.ProjectSpec.KeySpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is made for a Project. Nothing refers to the Project as its owner: it would go with it.
 * Pure.
 */
final class ProjectObjects {
  static final String LIFETIME = "87600h";
  static final String RENEWED_BEFORE = "2160h";

  private ProjectObjects() {}

  static Namespace namespace(Project project) {
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName(project.getMetadata().getName())
        .withLabels(labels(project))
        .endMetadata()
        .build();
  }

  /** For a team's own tools; databases have no account at the API server. */
  static ServiceAccount account(Project project) {
    String namespace = project.getMetadata().getName();
    return new ServiceAccountBuilder()
        .withNewMetadata()
        .withName(ProjectNames.serviceAccount(namespace))
        .withNamespace(namespace)
        .withLabels(labels(project))
        .endMetadata()
        .withAutomountServiceAccountToken(false)
        .build();
  }

  /** An authority that signs itself. */
  static List<GenericKubernetesResource> authority(Project project, AuthoritySpec authority) {
    String name = project.getMetadata().getName();
    var spec = new TreeMap<String, Object>();
    spec.put("isCA", true);
    spec.put("commonName", String.valueOf(authority.commonName()));
    spec.put("secretName", String.valueOf(authority.secretName()));
    spec.put("duration", or(authority.duration(), LIFETIME));
    spec.put("renewBefore", or(authority.renewBefore(), RENEWED_BEFORE));
    spec.put("privateKey", key(authority.privateKey()));
    spec.put(
        "issuerRef",
        Map.of("group", "cert-manager.io", "kind", "Issuer", "name", ProjectNames.issuer(name)));
    return List.of(
        object(
            project, AddOnKind.ISSUER, ProjectNames.issuer(name), Map.of("selfSigned", Map.of())),
        object(project, AddOnKind.CERTIFICATE, name, spec));
  }

  /** Whether an object has kind and name of one that {@link #authority} makes. */
  static boolean isOfAuthority(String project, HasMetadata object) {
    String name = object.getMetadata().getName();
    String kind = object.getKind();
    return kind.equals(AddOnKind.ISSUER.kind()) && name.equals(ProjectNames.issuer(project))
        || kind.equals(AddOnKind.CERTIFICATE.kind()) && name.equals(project);
  }

  private static GenericKubernetesResource object(
      Project project, AddOnKind kind, String name, Map<String, Object> spec) {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(kind.apiVersion())
        .withKind(kind.kind())
        .withNewMetadata()
        .withName(name)
        .withNamespace(project.getMetadata().getName())
        .withLabels(labels(project))
        .endMetadata()
        .addToAdditionalProperties("spec", spec)
        .build();
  }

  private static Map<String, Object> key(@Nullable KeySpec key) {
    Algorithm algorithm = key == null || key.algorithm() == null ? Algorithm.RSA : key.algorithm();
    var spec = new TreeMap<String, Object>();
    spec.put("algorithm", algorithm.text());
    if (key != null && key.size() != null) {
      spec.put("size", key.size());
    }
    return spec;
  }

  private static String or(@Nullable String text, String other) {
    return text == null ? other : text;
  }

  static Map<String, String> labels(Project project) {
    var labels = new TreeMap<String, String>();
    if (project.getMetadata().getLabels() != null) {
      labels.putAll(project.getMetadata().getLabels());
    }
    labels.put(ProjectNames.LABEL, project.getMetadata().getName());
    return labels;
  }
}
