package io.upm.plugin.mysql.topology;

import io.upm.spi.topology.CredentialRef;
import io.upm.spi.topology.CredentialRef.SecretKeyRef;
import java.util.List;
import java.util.Optional;

/** The accounts that a topology needs. */
final class Credentials {
  /** What UPM logs in with. */
  static final String MANAGEMENT = "mysql";

  /** What replicas log in with. */
  static final String REPLICATION = "replication";

  private Credentials() {}

  static List<CredentialRef> of(MysqlReplicationSpec spec) {
    Optional<SecretKeyRef> cipher =
        spec.aesSecret().map(key -> new SecretKeyRef(key.name(), key.key()));
    String secret = spec.secret().name();
    return List.of(
        new CredentialRef(MANAGEMENT, secret, spec.secret().mysql(), cipher),
        new CredentialRef(REPLICATION, secret, spec.secret().replication(), cipher));
  }
}
