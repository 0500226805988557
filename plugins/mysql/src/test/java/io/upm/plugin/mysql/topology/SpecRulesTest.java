package io.upm.plugin.mysql.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.upm.host.plugin.RecordCodec;
import io.upm.plugin.mysql.Documented;
import io.upm.spi.Problem;
import io.upm.spi.topology.CredentialRef;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SpecRulesTest {
  private final MysqlReplication manager = new MysqlReplication();

  private static ObjectNode documented(String manifest) {
    try {
      return (ObjectNode) new YAMLMapper().readTree(manifest).path("spec");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MysqlReplicationSpec read(JsonNode spec) {
    return new RecordCodec(MysqlReplicationSpec.class.getClassLoader())
        .read(MysqlReplicationSpec.class, spec, "spec")
        .orThrow();
  }

  private List<String> problems(JsonNode spec) {
    return manager.validate(read(spec)).stream().map(Problem::sentence).toList();
  }

  @Test
  void documentedExampleIsFine() {
    MysqlReplicationSpec spec = read(documented(Documented.semiSynchronous()));

    assertThat(manager.validate(spec)).isEmpty();
    assertThat(manager.endpoints(spec))
        .extracting("name")
        .containsExactly("mysql-cluster-0", "mysql-cluster-1", "mysql-cluster-2");
    assertThat(manager.credentials(spec))
        .containsExactly(
            new CredentialRef("mysql", "mysql-cluster-secret", "replication", Optional.empty()),
            new CredentialRef(
                "replication", "mysql-cluster-secret", "replication", Optional.empty()));
    assertThat(manager.serviceType(spec)).isEqualTo("NodePort");
  }

  @Test
  void groupReplicationIsRefusedInOneSentence() {
    assertThat(problems(documented(Documented.groupReplication())))
        .containsExactly(
            "spec.mode: \"group_replication\" is not allowed: rpl_async or rpl_semi_sync; a"
                + " replication group is not a MysqlReplication, and this version of the plugin"
                + " manages none");
  }

  @Test
  void leastSpecHasDefaults() {
    ObjectNode spec = documented(Documented.semiSynchronous());
    spec.remove(List.of("mode", "service", "replica"));
    ((ObjectNode) spec.path("secret")).remove(List.of("mysql", "replication"));

    MysqlReplicationSpec read = read(spec);

    assertThat(read.mode()).isEqualTo("rpl_async");
    assertThat(read.secret().mysql()).isEqualTo("mysql");
    assertThat(read.secret().replication()).isEqualTo("replication");
    assertThat(read.service().type()).isEqualTo("ClusterIP");
    assertThat(manager.validate(read)).isEmpty();
  }

  @Test
  void aesSecretOfTheOldFormatIsPassedOn() {
    ObjectNode spec = documented(Documented.semiSynchronous());
    spec.putObject("aesSecret");

    assertThat(manager.credentials(read(spec)))
        .allMatch(ref ->
            ref.cipher()
                .equals(
                    Optional.of(
                        new CredentialRef.SecretKeyRef("aes-secret-key", "AES_SECRET_KEY"))));
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("spec.mode", spec -> spec.put("mode", "semi")),
        mistake("spec.replica", spec -> spec.remove("replica")),
        mistake(
            "spec.replica",
            spec -> spec.path("replica").forEach(one -> ((ObjectNode) one).put("isolated", true))),
        mistake("spec.replica[0].name", spec -> replica(spec).put("name", "mysql-cluster-0")),
        mistake(
            "spec.replica[0].host",
            spec -> replica(spec).put("host", spec.path("source").path("host").asText())),
        mistake("spec.replica[0].host", spec -> replica(spec).put("host", "a b")),
        mistake("spec.replica[0].host", spec -> replica(spec).put("host", "h'; DROP")),
        mistake("spec.source.host", spec -> ((ObjectNode) spec.path("source")).put("host", "-")),
        mistake(
            "spec.secret.mysql",
            spec -> ((ObjectNode) spec.path("secret")).put("mysql", "x".repeat(33))),
        mistake(
            "spec.service.type",
            spec -> ((ObjectNode) spec.path("service")).put("type", "ExternalName")));
  }

  private static ObjectNode replica(ObjectNode spec) {
    return (ObjectNode) ((ArrayNode) spec.path("replica")).get(0);
  }

  private static Arguments mistake(String field, Consumer<ObjectNode> change) {
    return Arguments.of(field, change);
  }

  @ParameterizedTest(name = "{0} #{index}")
  @MethodSource("mistakes")
  void namesTheFieldOfAMistake(String field, Consumer<ObjectNode> change) {
    ObjectNode spec = documented(Documented.semiSynchronous());
    change.accept(spec);

    assertThat(manager.validate(read(spec)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.field()).isEqualTo(field));
  }
}
