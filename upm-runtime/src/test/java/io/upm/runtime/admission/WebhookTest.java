package io.upm.runtime.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.upm.runtime.pki.CertificateAuthority;
import io.upm.runtime.pki.TestAuthority;
import io.upm.runtime.testing.AcmeEngine;
import io.upm.runtime.testing.Manifests;
import io.upm.spi.Problem;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The webhook over real TLS, as the API server asks it. */
class WebhookTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final AcmeEngine engine = new AcmeEngine();
  private final CertificateAuthority authority = TestAuthority.create(Clock.systemUTC());
  private final WebhookServer server = bound();
  private Runnable catchUp = () -> {};

  private WebhookServer bound() {
    var certificate = new ServingCertificate(authority, Clock.systemUTC(), "localhost");
    var review =
        new Review(
            Manifests.SERIALIZATION,
            engine,
            (kind, spec) ->
                kind.equals("AcmePair")
                    ? Optional.of(
                        spec.containsKey("source")
                            ? List.of()
                            : List.of(new Problem("spec.source", "", "a node")))
                    : Optional.empty(),
            () -> catchUp.run());
    return new WebhookServer(0, certificate.context(), review);
  }

  @BeforeEach
  void serve() {
    server.start();
  }

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void letsGoodSpecsPass() throws Exception {
    JsonNode response = ask("UnitSet", Manifests.tree(Manifests.SET), null);

    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.path("uid").asText()).isEqualTo("request-uid");
  }

  @Test
  void refusesBadSpecsWithAllSentences() throws Exception {
    JsonNode response =
        ask(
            "UnitSet",
            Manifests.tree(
                Manifests.SET, "spec/type=acme", "spec/version='9'", "spec/storages/0/size=10GB"),
            null);

    assertThat(response.path("allowed").asBoolean()).isFalse();
    assertThat(response.path("status").path("code").asInt()).isEqualTo(422);
    assertThat(response.path("status").path("message").asText())
        .contains("spec.version: \"9\" is not allowed")
        .contains("spec.storages.data.size: \"10GB\" is not allowed");
  }

  @Test
  void refusesNothingBecauseAnotherReplicaWasQuicker() throws Exception {
    engine.installed(false);
    assertThat(message("UnitSet", Manifests.tree(Manifests.SET), null))
        .contains("spec.type: \"acme\" is not allowed");

    catchUp = () -> engine.installed(true);

    assertThat(ask("UnitSet", Manifests.tree(Manifests.SET), null).path("allowed").asBoolean())
        .isTrue();
  }

  @Test
  void refusesToShrinkAVolume() throws Exception {
    JsonNode response =
        ask(
            "UnitSet",
            Manifests.tree(Manifests.SET, "spec/storages/0/size=1Gi"),
            Manifests.tree(Manifests.SET));

    assertThat(response.path("status").path("message").asText()).contains("can't shrink");
  }

  @Test
  void letsMetadataOfAnythingChange() throws Exception {
    ObjectNode bad = Manifests.tree(Manifests.SET, "spec/version='9'");
    ObjectNode labelled =
        Manifests.tree(Manifests.SET, "spec/version='9'", "metadata/labels={a: b}");

    assertThat(ask("UnitSet", labelled, bad).path("allowed").asBoolean()).isTrue();
  }

  @Test
  void judgesUnitsAndTopologies() throws Exception {
    ObjectNode unit =
        Manifests.tree(
            """
            apiVersion: upm.syntropycloud.io/v1alpha2
            kind: Unit
            metadata: {name: solo, namespace: demo}
            spec: {template: {spec: {containers: [{name: oracle, image: 'oracle:23'}]}}}
            """);
    ObjectNode pair = Manifests.tree("{kind: AcmePair, metadata: {name: x}, spec: {mode: pair}}");
    ObjectNode unknown = Manifests.tree("{kind: Other, metadata: {name: x}, spec: {}}");

    assertThat(ask("Unit", unit, null).path("status").path("message").asText())
        .contains("\"oracle\" is not allowed", "acme");
    assertThat(ask("AcmePair", pair, null).path("status").path("message").asText())
        .isEqualTo("spec.source is missing: a node");
    assertThat(ask("Other", unknown, null).path("allowed").asBoolean()).isTrue();
  }

  @Test
  void judgesBackupsAndTheirSchedules() throws Exception {
    assertThat(message("Backup", backup("polish", ""), null))
        .isEqualTo("spec.action: \"polish\" is not allowed: one that makes backups: copy");
    assertThat(message("Backup", backup("copy", ", parameters: {a: b}"), backup("copy", "")))
        .contains("they can't be changed: make another Backup");
    assertThat(message("BackupSchedule", schedule("copy", "schedule: nightly"), null))
        .startsWith("spec.schedule: \"nightly\" is not allowed: five fields");
    assertThat(message("BackupSchedule", schedule("sing", "schedule: 0 2 * * *"), null))
        .startsWith("spec.backup.action: \"sing\" is not allowed: one of copy");
  }

  @Test
  void letsThemBeEndedWithoutTheirPlugin() throws Exception {
    engine.installed(false);

    assertThat(
            ask("Backup", backup("copy", ", discard: true"), backup("copy", ""))
                .path("allowed")
                .asBoolean())
        .isTrue();
    assertThat(
            ask(
                    "BackupSchedule",
                    schedule("copy", "schedule: 0 2 * * *, suspend: true"),
                    schedule("copy", "schedule: 0 2 * * *"))
                .path("allowed")
                .asBoolean())
        .isTrue();
  }

  private static ObjectNode backup(String action, String more) {
    return Manifests.tree(
        "{kind: Backup, metadata: {name: x}, spec: {unitSet: orders, type: acme, action: %s%s}}"
            .formatted(action, more));
  }

  private static ObjectNode schedule(String action, String more) {
    return Manifests.tree(
        """
        {kind: BackupSchedule, metadata: {name: x},
        spec: {%s, backup: {unitSet: orders, type: acme, action: %s}}}
        """
            .formatted(more, action));
  }

  private String message(String kind, ObjectNode object, @Nullable ObjectNode old)
      throws Exception {
    return ask(kind, object, old).path("status").path("message").asText();
  }

  @Test
  void letsPassWhatCannotBeJudged() throws Exception {
    JsonNode response = ask("UnitSet", Manifests.tree(Manifests.SET, "spec/units=three"), null);

    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.path("warnings")).hasSize(1);
  }

  private JsonNode ask(String kind, ObjectNode object, @Nullable ObjectNode old) throws Exception {
    ObjectNode review = MAPPER.createObjectNode();
    ObjectNode request = review.putObject("request");
    request.put("uid", "request-uid");
    request.putObject("kind").put("kind", kind);
    request.set("object", object);
    request.set("oldObject", old);
    HttpResponse<String> response =
        client()
            .send(
                HttpRequest.newBuilder(
                        URI.create("https://localhost:%d/validate".formatted(server.port())))
                    .POST(HttpRequest.BodyPublishers.ofString(review.toString()))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return MAPPER.readTree(response.body()).path("response");
  }

  /** Trusts nobody but the authority, and checks the host name. */
  private HttpClient client() throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "upm",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(
                    authority.authorityPem().getBytes(StandardCharsets.US_ASCII))));
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, managers.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(tls).build();
  }
}
