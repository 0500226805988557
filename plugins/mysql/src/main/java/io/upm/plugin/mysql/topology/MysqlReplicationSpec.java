package io.upm.plugin.mysql.topology;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code spec} of a {@code MysqlReplication}. */
public record MysqlReplicationSpec(
    @JsonProperty(defaultValue = "rpl_async")
        @JsonPropertyDescription(
            "rpl_async, or rpl_semi_sync, in which a write is acknowledged when a replica has it"
                + " too.")
        @NotBlank
        String mode,
    @JsonPropertyDescription("Secret with the passwords.") @NotNull SecretRef secret,
    @JsonPropertyDescription(
            "Where the AES key lies, when the passwords are in the old encrypted format.")
        Optional<KeyRef> aesSecret,
    @JsonPropertyDescription("The preferred source.") @NotNull Source source,
    @JsonPropertyDescription("Servers that follow the source.") List<Replica> replica,
    @JsonPropertyDescription("The read-write and read-only Services.")
        @JsonProperty(defaultValue = "{}")
        @NotNull
        Service service) {

  public MysqlReplicationSpec {
    replica = List.copyOf(replica);
  }

  /** Keys of a Secret; each is also the name of the user. */
  public record SecretRef(
      @JsonPropertyDescription("Name of the Secret.") @NotBlank String name,
      @JsonProperty(defaultValue = "mysql")
          @JsonPropertyDescription("Key, and user, that replication is managed with.")
          @NotBlank
          String mysql,
      @JsonProperty(defaultValue = "replication")
          @JsonPropertyDescription("Key, and user, that replicas log in with.")
          @NotBlank
          String replication) {}

  /** One key of a Secret. */
  public record KeyRef(
      @JsonProperty(defaultValue = "aes-secret-key")
          @JsonPropertyDescription("Name of the Secret.")
          @NotBlank
          String name,
      @JsonProperty(defaultValue = "AES_SECRET_KEY")
          @JsonPropertyDescription("Key in it.")
          @NotBlank
          String key) {}

  /** The server that takes writes. */
  public record Source(
      @JsonPropertyDescription("Name, that of the Unit where there is one.") @NotBlank String name,
      @JsonPropertyDescription("DNS name or address.") @NotBlank String host,
      @JsonPropertyDescription("Port of the classic protocol.") @Min(1) @Max(65535) int port) {}

  /** A server that follows the source. */
  public record Replica(
      @JsonPropertyDescription("Name, that of the Unit where there is one.") @NotBlank String name,
      @JsonPropertyDescription("DNS name or address.") @NotBlank String host,
      @JsonPropertyDescription("Port of the classic protocol.") @Min(1) @Max(65535) int port,
      @JsonProperty(defaultValue = "false")
          @JsonPropertyDescription(
              "Taken out: kept read-only, replication stopped, not served to clients.")
          boolean isolated) {}

  /** How clients reach the servers. */
  public record Service(
      @JsonProperty(defaultValue = "ClusterIP")
          @JsonPropertyDescription("ClusterIP, NodePort or LoadBalancer.")
          @NotBlank
          String type) {}

  /** A server, whichever of the two it is. */
  record Member(String name, String host, int port, boolean isolated) {
    boolean isAt(String otherHost, int otherPort) {
      return port == otherPort && host.equalsIgnoreCase(otherHost);
    }
  }

  /** All servers, the preferred source first. */
  List<Member> members() {
    var members = new ArrayList<Member>();
    members.add(new Member(source.name(), source.host(), source.port(), false));
    for (Replica one : replica) {
      members.add(new Member(one.name(), one.host(), one.port(), one.isolated()));
    }
    return members;
  }
}
