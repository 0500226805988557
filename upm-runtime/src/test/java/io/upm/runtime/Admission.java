package io.upm.runtime;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperationsBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.upm.runtime.admission.Review;
import io.upm.runtime.admission.ServingCertificate;
import io.upm.runtime.admission.WebhookServer;
import io.upm.runtime.testing.AcmeEngine;
import io.upm.runtime.testing.Manifests;
import io.upm.runtime.testing.TestCluster;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** The admission webhook in this process, asked by a real API server about objects with a label. */
final class Admission implements AutoCloseable {
  private static final String LABEL = "upm.test/admission";

  private final TestCluster cluster;
  private final WebhookServer server;

  Admission(TestCluster cluster) {
    this.cluster = cluster;
    var certificate = new ServingCertificate(cluster.authority(), Clock.systemUTC(), "localhost");
    var review =
        new Review(
            Manifests.SERIALIZATION, new AcmeEngine(), (kind, spec) -> Optional.empty(), () -> {});
    server = new WebhookServer(0, certificate.context(), review);
    server.start();
    register();
    await()
        .atMost(ControllerScene.SOON)
        .until(() ->
            refusal("unitsets", true, Manifests.tree(Manifests.SET, "spec/version='9'"))
                .contains("a version of ACME"));
  }

  /**
   * What the API server says to a new object, which is not stored; empty when it takes it.
   *
   * @param judged whether the webhook is asked, too
   */
  String refusal(String plural, boolean judged, ObjectNode object) {
    prepare(object, judged);
    return post(plural, "?dryRun=All&fieldValidation=Strict", object);
  }

  /** As {@link #refusal}, of a UnitSet that is stored and that the webhook doesn't see. */
  String store(ObjectNode set) {
    prepare(set, false);
    return post("unitsets", "?fieldValidation=Strict", set);
  }

  private String post(String plural, String query, ObjectNode object) {
    boolean namespaced = object.path("metadata").has("namespace");
    String path =
        "/apis/upm.syntropycloud.io/v1alpha2/"
            + (namespaced ? "namespaces/" + cluster.namespace() + "/" : "")
            + plural
            + query;
    try {
      cluster.client().raw(path, "POST", Serialization.unmarshal(object.toString(), Map.class));
      return "";
    } catch (KubernetesClientException e) {
      if (e.getCode() != 422 && e.getCode() != 400) {
        throw e;
      }
      return String.valueOf(e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage());
    }
  }

  private void prepare(ObjectNode object, boolean judged) {
    ObjectNode metadata = object.withObjectProperty("metadata");
    metadata.remove("uid");
    metadata.remove("generation");
    if (metadata.has("namespace")) {
      metadata.put("namespace", cluster.namespace());
    }
    if (judged) {
      metadata.withObjectProperty("labels").put(LABEL, cluster.namespace());
    }
  }

  @Override
  public void close() {
    cluster
        .client()
        .admissionRegistration()
        .v1()
        .validatingWebhookConfigurations()
        .withName(name())
        .delete();
    server.close();
  }

  private String name() {
    return "upm-test-" + cluster.namespace();
  }

  /** Fails closed, so that a webhook that isn't reached is no success. */
  private void register() {
    String authority =
        Base64.getEncoder()
            .encodeToString(cluster.authority().authorityPem().getBytes(StandardCharsets.US_ASCII));
    cluster
        .client()
        .resource(
            new ValidatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName(name())
                .endMetadata()
                .addNewWebhook()
                .withName("validate.upm.test")
                .withAdmissionReviewVersions("v1")
                .withSideEffects("None")
                .withFailurePolicy("Fail")
                .withTimeoutSeconds(5)
                .withNewObjectSelector()
                .addToMatchLabels(LABEL, cluster.namespace())
                .endObjectSelector()
                .withNewClientConfig()
                .withUrl("https://localhost:%d/validate".formatted(server.port()))
                .withCaBundle(authority)
                .endClientConfig()
                .addToRules(
                    new RuleWithOperationsBuilder()
                        .withApiGroups("upm.syntropycloud.io")
                        .withApiVersions("*")
                        .withOperations("CREATE", "UPDATE")
                        .withResources("*")
                        .withScope("*")
                        .build())
                .endWebhook()
                .build())
        .create();
  }
}
