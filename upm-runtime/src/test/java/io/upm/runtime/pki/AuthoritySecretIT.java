package io.upm.runtime.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.upm.runtime.topology.ApiServer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class AuthoritySecretIT {
  private final InstantSource clock = InstantSource.fixed(Instant.now());

  @Test
  void allProcessesHaveTheSameAuthority() throws Exception {
    try (var api = ApiServer.open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<CertificateAuthority> open =
          () -> AuthoritySecret.open(api.client(), api.namespace(), clock);
      var authorities = new ArrayList<CertificateAuthority>();
      for (var opened : threads.invokeAll(List.of(open, open, open, open))) {
        authorities.add(opened.get());
      }
      assertThat(authorities)
          .extracting(CertificateAuthority::authorityPem)
          .containsOnly(authorities.getFirst().authorityPem());
      String issued = authorities.get(0).forUnit("db", "demo-0").certificate();
      assertThat(authorities.get(3).isCurrent(issued, "db", "demo-0")).isTrue();
    }
  }

  @Test
  void somethingElseOfThatNameIsNotOverwritten() throws Exception {
    try (var api = ApiServer.open()) {
      api.client()
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withName(AuthoritySecret.NAME)
                  .withNamespace(api.namespace())
                  .endMetadata()
                  .withStringData(Map.of("tls.crt", "x", "tls.key", "y"))
                  .build())
          .create();
      assertThatThrownBy(() -> AuthoritySecret.open(api.client(), api.namespace(), clock))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Secret %s/upm-ca".formatted(api.namespace()))
          .hasMessageContaining("not a certificate");
    }
  }
}
