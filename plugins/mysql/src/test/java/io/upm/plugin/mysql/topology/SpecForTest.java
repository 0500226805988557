package io.upm.plugin.mysql.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.plugin.mysql.topology.MysqlReplicationSpec.Replica;
import io.upm.plugin.mysql.topology.MysqlReplicationSpec.Source;
import io.upm.spi.topology.CredentialRef;
import io.upm.spi.topology.CredentialRef.SecretKeyRef;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.SetView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpecForTest {
  private final MysqlReplication manager = new MysqlReplication();

  private static SetView set(String mode, int units) {
    List<Endpoint> endpoints =
        IntStream.range(0, units)
            .mapToObj(unit -> new Endpoint("db-" + unit, "db-" + unit + ".svc", 3306))
            .toList();
    return new SetView(
        "db", mode, endpoints, "db-secret", Map.of("replication", "repl"), "LoadBalancer");
  }

  private MysqlReplicationSpec spec(SetView set, Optional<MysqlReplicationSpec> current) {
    return manager.specFor(set, current).orElseThrow();
  }

  @Test
  void firstUnitIsTheSource() {
    MysqlReplicationSpec spec = spec(set("rpl_semi_sync", 3), Optional.empty());

    assertThat(spec.source()).isEqualTo(new Source("db-0", "db-0.svc", 3306));
    assertThat(spec.replica()).extracting(Replica::name).containsExactly("db-1", "db-2");
    assertThat(spec.secret())
        .isEqualTo(new MysqlReplicationSpec.SecretRef("db-secret", "repl", "repl"));
    assertThat(spec.service().type()).isEqualTo("LoadBalancer");
  }

  @Test
  void chosenSourceAndIsolationStayWhenTheSetGrows() {
    MysqlReplicationSpec three = spec(set("rpl_async", 3), Optional.empty());
    var chosen =
        new MysqlReplicationSpec(
            three.mode(),
            three.secret(),
            three.aesSecret(),
            new Source("db-2", "old-host", 3306),
            List.of(
                new Replica("db-0", "db-0.svc", 3306, true),
                new Replica("db-1", "db-1.svc", 3306, false)),
            three.service());

    MysqlReplicationSpec five = spec(set("rpl_async", 5), Optional.of(chosen));

    assertThat(five.source()).isEqualTo(new Source("db-2", "db-2.svc", 3306));
    assertThat(five.replica())
        .extracting(Replica::name)
        .containsExactly("db-0", "db-1", "db-3", "db-4");
    assertThat(five.replica())
        .extracting(Replica::isolated)
        .containsExactly(true, false, false, false);
  }

  @Test
  void anotherUnitTakesOverFromASourceThatIsAboutToRestart() {
    SetView set = set("rpl_async", 3);
    MysqlReplicationSpec before = spec(set, Optional.empty());

    MysqlReplicationSpec during = spec(set.withRestarting("db-0"), Optional.of(before));
    MysqlReplicationSpec after = spec(set, Optional.of(during));

    assertThat(during.source().name()).isEqualTo("db-1");
    assertThat(during.replica()).extracting(Replica::name).containsExactly("db-0", "db-2");
    assertThat(after).isEqualTo(during);
  }

  @Test
  void noIsolatedUnitTakesOver() {
    SetView set = set("rpl_async", 3).withRestarting("db-0");
    MysqlReplicationSpec three = spec(set("rpl_async", 3), Optional.empty());

    assertThat(spec(set, Optional.of(isolated(three, "db-1"))).source().name()).isEqualTo("db-2");
    assertThat(spec(set, Optional.of(isolated(three, "db-1", "db-2"))).source().name())
        .isEqualTo("db-0");
  }

  @Test
  void aReplicaThatRestartsNeedsNoSuccessor() {
    SetView set = set("rpl_async", 3);
    MysqlReplicationSpec three = spec(set, Optional.empty());

    assertThat(spec(set.withRestarting("db-2"), Optional.of(three))).isEqualTo(three);
    assertThat(new MysqlReplication().successor(three, "db-2")).isEmpty();
    assertThat(new MysqlReplication().successor(three, "db-0")).contains("db-1");
  }

  private static MysqlReplicationSpec isolated(MysqlReplicationSpec spec, String... names) {
    return new MysqlReplicationSpec(
        spec.mode(),
        spec.secret(),
        spec.aesSecret(),
        spec.source(),
        spec.replica().stream()
            .map(replica ->
                new Replica(
                    replica.name(),
                    replica.host(),
                    replica.port(),
                    List.of(names).contains(replica.name())))
            .toList(),
        spec.service());
  }

  @Test
  void readsPasswordsWithTheSetsKey() {
    SetView plain = set("rpl_async", 2);
    var encrypted =
        new SetView(
            plain.name(),
            plain.mode(),
            plain.units(),
            plain.secret(),
            plain.users(),
            plain.serviceType(),
            Optional.of(new SecretKeyRef("keys", "AES")));

    MysqlReplicationSpec spec = spec(encrypted, Optional.empty());

    assertThat(spec.aesSecret()).contains(new MysqlReplicationSpec.KeyRef("keys", "AES"));
    assertThat(manager.credentials(spec))
        .extracting(CredentialRef::cipher)
        .containsOnly(Optional.of(new SecretKeyRef("keys", "AES")));
    assertThat(spec(plain, Optional.of(spec)).aesSecret()).isEmpty();
  }

  @Test
  void servesTheModesOfReplicationOnly() {
    assertThat(manager.specFor(set("standalone", 3), Optional.empty())).isEmpty();
    assertThat(manager.specFor(set("group_replication", 3), Optional.empty())).isEmpty();
    assertThat(manager.specFor(set("rpl_async", 1), Optional.empty())).isPresent();
  }
}
