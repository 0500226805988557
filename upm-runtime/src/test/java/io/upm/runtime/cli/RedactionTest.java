package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final String SECRET = "it's \"a\" pässword";
  private final Redaction redaction = new Redaction(List.of(SECRET, "short", "hunter2hunter2"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connecting with hunter2hunter2 to db",
        "aHVudGVyMmh1bnRlcjI=",
        "{\"value\":\"it's \\\"a\\\" pässword\"}",
        "MYSQL_PASSWORD=abc123",
        "\"db_password\": \"abc123\"",
        "password : abc123, next",
        "--root-password=abc123 --port=1",
        "CREATE USER x IDENTIFIED BY 'abc123'",
        "redis://user:abc123@host:6379/0",
        "a\n-----BEGIN RSA PRIVATE KEY-----\nabc123\n-----END RSA PRIVATE KEY-----\nb",
      })
  void takesSecretsOutOfText(String text) {
    assertThat(redaction.text(text))
        .contains(Redaction.MASK)
        .doesNotContain("abc123")
        .doesNotContain("hunter2")
        .doesNotContain("aHVudGVy")
        .doesNotContain("pässword");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Access denied for user 'x'@'y' (using password: YES)",
        "the Secret \"demo-secret\" has no key \"root\"",
        "2026-11-21T12:00:00Z INFO agent Main: version 0.1.0",
        "short",
      })
  void leavesWhatIsNoSecret(String text) {
    assertThat(redaction.text(text)).isEqualTo(text);
  }

  @Test
  void keepsNamesAndKeysOfASecretAndNoneOfItsValues() throws IOException {
    String secret =
        yaml(
            """
            kind: Secret
            metadata:
              name: demo-secret
              managedFields: [{manager: x}]
              annotations:
                kubectl.kubernetes.io/last-applied-configuration: '{"data":{"root":"YWJjMTIz"}}'
            data: {root: YWJjMTIz}
            """);

    assertThat(secret).contains("demo-secret", "root").doesNotContain("YWJjMTIz", "managedFields");
  }

  @Test
  void redactsVariablesAndFieldsThatSayThatTheyAreSecret() throws IOException {
    String pod =
        yaml(
            """
            kind: Pod
            spec:
              automountServiceAccountToken: false
              containers:
              - env:
                - {name: ADM_PASSWORD, value: abc123}
                - {name: ADM_USER, value: boss}
                - {name: X, valueFrom: {secretKeyRef: {name: demo-secret, key: root}}}
                args: ["--password=abc123"]
              volumes:
              - {name: v, secret: {secretName: demo-secret}}
            data:
              instance.json: '{"settings":{"TOKEN":"abc123","ADM_USER":"boss"},"secretPath":"/S"}'
            parameters: {sourcePassword: abc123}
            """);

    assertThat(pod)
        .doesNotContain("abc123")
        .contains("boss", "demo-secret", "secretPath", "/S", "automountServiceAccountToken");
  }

  private String yaml(String text) throws IOException {
    JsonNode object = new YAMLMapper().readTree(text);
    return redaction.object(object).toString();
  }
}
