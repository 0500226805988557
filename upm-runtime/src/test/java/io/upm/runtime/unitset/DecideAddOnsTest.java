package io.upm.runtime.unitset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.runtime.addon.AddOnKind;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.kube.Conditions;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Certificates and monitoring, which other products see to. */
class DecideAddOnsTest {
  private static final String PROFILE =
      "spec/certificateProfile={rootSecret: root, organizations: [ACME]}";
  private static final Map<String, Set<String>> SECRETS =
      Map.of("db-secret", Set.of("boss", "replication"), "root", Set.of("tls.crt", "tls.key"));

  private static SetWorld world(String... changes) {
    var world = new SetWorld(changes);
    world.secrets = SECRETS;
    world.addOnKinds = Set.of(AddOnKind.values());
    return world;
  }

  @Test
  void hasACertificateForEachUnit() {
    var world = world(PROFILE, "spec/units=2", "spec/unitService={}");
    world.run();

    assertThat(world.addOns.keySet())
        .containsExactly(
            "Certificate/db-0-certmanager-ca",
            "Certificate/db-1-certmanager-ca",
            "Issuer/db-certmanager-issuer");
    JsonNode spec = spec(world, "Certificate/db-1-certmanager-ca");
    assertThat(spec.path("secretName").asText()).isEqualTo("db-1-certmanager-ca-secret");
    assertThat(spec.path("issuerRef").path("name").asText()).isEqualTo("db-certmanager-issuer");
    assertThat(spec.path("subject").path("organizations")).hasSize(1);
    assertThat(spec.path("dnsNames"))
        .extracting(JsonNode::asText)
        .contains(
            "db-1", "db-1.db-headless-svc.demo.svc", "db-1-svc", "db-1-svc.demo.svc.cluster.local");
    assertThat(spec(world, "Issuer/db-certmanager-issuer").path("ca").path("secretName").asText())
        .isEqualTo("root");
    assertThat(Canonical.tree(world.unit(1).getSpec().template()).toString())
        .contains("\"secretName\":\"db-1-certmanager-ca-secret\"", "\"mountPath\":\"/CERT_MOUNT\"");
    assertThat(world.unit(1).getMetadata().getAnnotations())
        .containsEntry("unit-operator/certificate.volume.certORG", "[\"ACME\"]");
  }

  @Test
  void removesCertificatesWithTheirUnitsAndWithTheProfile() {
    var world = world(PROFILE);
    world.run();
    assertThat(world.addOns).hasSize(4);

    world.edit(PROFILE, "spec/units=1").run();
    assertThat(world.addOns.keySet())
        .containsExactly("Certificate/db-0-certmanager-ca", "Issuer/db-certmanager-issuer");

    world.edit("spec/units=1").run();
    assertThat(world.addOns).isEmpty();
    assertThat(Canonical.tree(world.unit(0).getSpec().template()).toString())
        .doesNotContain("CERT_MOUNT");
  }

  @Test
  void replacesNoPodForAnotherOrganization() {
    var world = world(PROFILE);
    world.run();
    String before = Canonical.hash(world.unit(0).getSpec().template());

    world.edit("spec/certificateProfile={rootSecret: root, organizations: [Other]}").run();

    assertThat(Canonical.hash(world.unit(0).getSpec().template())).isEqualTo(before);
    assertThat(spec(world, "Certificate/db-0-certmanager-ca").toString()).contains("Other");
  }

  @Test
  void saysThatCertManagerIsMissingAndGoesOnWhenItComes() {
    var world = world(PROFILE);
    world.addOnKinds = Set.of(AddOnKind.POD_MONITOR);

    SetDecision decision = world.step();

    assertThat(world.addOns).isEmpty();
    assertThat(world.units).as("their Pods wait for the certificates").hasSize(3);
    assertThat(decision.addOns().missing())
        .containsExactly(AddOnKind.ISSUER, AddOnKind.CERTIFICATE);
    assertThat(message(world, "Degraded"))
        .startsWith("spec.certificateProfile needs cert-manager")
        .contains("install it", "spec.certificateSecret");

    world.addOnKinds = Set.of(AddOnKind.values());
    world.run();
    assertThat(world.addOns).hasSize(4);
    assertThat(message(world, "Degraded")).isEqualTo("no help is needed");
  }

  @Test
  void waitsForTheAuthority() {
    var world = world(PROFILE);
    world.secrets = Map.of("db-secret", Set.of("boss", "replication"));
    world.run();

    assertThat(world.units).isEmpty();
    assertThat(message(world, "Valid")).contains("spec.certificateProfile.rootSecret", "\"root\"");
  }

  @Test
  void tellsPrometheusAboutTheUnitsUntilTheFieldGoes() {
    var world =
        world(
            "spec/podMonitor={enable: true, endpoints: [{port: metrics, interval: 30s,"
                + " relabelConfigs: [{targetLabel: env, replacement: prod}]}]}");
    world.run();

    JsonNode spec = spec(world, "PodMonitor/db-exporter-podmon");
    assertThat(
            spec.path("selector").path("matchLabels").path("unit-operator/unitset.name").asText())
        .isEqualTo("db");
    JsonNode endpoint = spec.path("podMetricsEndpoints").path(0);
    assertThat(endpoint.path("port").asText()).isEqualTo("upm-http");
    assertThat(endpoint.path("path").asText()).isEqualTo("/metrics");
    assertThat(endpoint.path("interval").asText()).isEqualTo("30s");
    assertThat(endpoint.path("relabelings").path(0).path("targetLabel").asText()).isEqualTo("env");

    world.edit("spec/podMonitor={enable: false}").run();
    assertThat(world.addOns).isEmpty();
  }

  @Test
  void isHealthyWithoutPrometheusAndSaysSo() {
    var world = world("spec/podMonitor={enable: true}");
    world.addOnKinds = Set.of();
    world.run();

    assertThat(message(world, "Valid"))
        .contains("the spec can be carried out", "no kind PodMonitor (monitoring.coreos.com/v1)");
    assertThat(message(world, "Degraded")).isEqualTo("no help is needed");
    assertThat(message(world, "Ready")).isEqualTo("all 3 units are ready");
  }

  private static JsonNode spec(SetWorld world, String id) {
    return Canonical.tree(Objects.requireNonNull(world.addOns.get(id), id)).path("spec");
  }

  private static String message(SetWorld world, String type) {
    return Conditions.find(world.set.getStatus().conditions(), type).orElseThrow().getMessage();
  }
}
