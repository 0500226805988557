package io.upm.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.upm.agent.protocol.v1.HealthReport;
import io.upm.agent.protocol.v1.ProcessState;
import io.upm.host.plugin.PluginKey;
import io.upm.runtime.pki.CertificateAuthority;
import io.upm.runtime.pki.SettableClock;
import io.upm.runtime.pki.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against agents that serve the protocol over TLS on loopback addresses. */
@Timeout(60)
final class GrpcAgentsTest {
  private static final UnitKey UNIT = new UnitKey("db", "demo-0");
  private static final AgentTarget TARGET = new AgentTarget("127.0.0.1", "pod-1");
  private static final DesiredAgent NOTHING = new DesiredAgent("0", 0, Optional.empty());

  /** Nobody is silent for so long, however busy the machine is. */
  private static final Duration LONG_SILENCE = Duration.ofSeconds(20);

  /** Behind the system's clock, which TLS looks at, so that there is room to move it. */
  private final SettableClock clock = new SettableClock(Instant.now().minus(Duration.ofDays(70)));

  private final CertificateAuthority authority = TestAuthority.create(clock);
  private final List<UnitKey> changes = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService heartbeat = Executors.newScheduledThreadPool(1);
  private final FakeAgent agent = new FakeAgent(authority, authority.forUnit("db", "demo-0"));
  private int port;
  private GrpcAgents agents;

  @TempDir private Path directory;

  @BeforeEach
  void connect() throws Exception {
    port = agent.start("127.0.0.1", 0);
    agents = open(LONG_SILENCE, LONG_SILENCE);
    beat(agent);
  }

  private GrpcAgents open(Duration silence, Duration answer) {
    var timing =
        new AgentLink.Timing(
            Duration.ofMillis(100),
            silence,
            answer,
            Duration.ofMillis(200),
            Duration.ofMillis(300));
    var opened = new GrpcAgents(new AgentChannels(authority, clock, port), clock, timing);
    opened.onChange(changes::add);
    return opened;
  }

  @AfterEach
  void disconnect() throws Exception {
    heartbeat.shutdownNow();
    agents.close();
    agent.close();
  }

  private void beat(FakeAgent one) {
    var unused = heartbeat.scheduleAtFixedRate(one::report, 0, 100, TimeUnit.MILLISECONDS);
  }

  private AgentView view() {
    return agents.view(UNIT).orElseThrow();
  }

  private void awaitConnected() {
    await().untilAsserted(() -> assertThat(view()).matches(AgentView::connected, "connected"));
  }

  @Test
  void knowsWhatAnAgentSays() {
    agent.says =
        report ->
            report
                .setAgentVersion("0.1.0")
                .setProcess(ProcessState.RUNNING)
                .setEngineStarts(2)
                .setHealth(
                    HealthReport.newBuilder()
                        .setAlive(true)
                        .setReady(true)
                        .setRole("source")
                        .putFacts("readOnly", "false"));
    agents.attach(UNIT, TARGET, NOTHING);
    awaitConnected();
    AgentView.Report report = view().report().orElseThrow();
    assertThat(report.process()).isEqualTo(AgentView.Process.RUNNING);
    assertThat(report.engineStarts()).isEqualTo(2);
    assertThat(report.health().role()).isEqualTo("source");
    assertThat(report.health().facts()).containsEntry("readOnly", "false");
    assertThat(view().ready()).isTrue();
    assertThat(view().problem()).isEmpty();
    assertThat(agent.callers.getFirst().getSubjectX500Principal().getName())
        .isEqualTo("CN=upm-runtime");
  }

  @Test
  void tellsOfFactsAndNotOfGauges() {
    agents.attach(UNIT, TARGET, NOTHING);
    awaitConnected();
    await().untilAsserted(() -> assertThat(changes).containsExactly(UNIT));
    for (int position = 1; position <= 5; position++) {
      String gauge = String.valueOf(position);
      agent.says =
          report -> report.setHealth(HealthReport.newBuilder().putGauges("position", gauge));
      await()
          .untilAsserted(() ->
              assertThat(view().report().orElseThrow().health().gauges())
                  .containsEntry("position", gauge));
    }
    assertThat(changes).hasSize(1);
    agent.says = report -> report.setHealth(HealthReport.newBuilder().putFacts("readOnly", "true"));
    await().untilAsserted(() -> assertThat(changes).hasSize(2));
    agent.says = report -> report.setHealth(HealthReport.newBuilder().setReady(true));
    await().untilAsserted(() -> assertThat(changes).hasSize(3));
  }

  @Test
  void trustsNobodyElse() throws Exception {
    var impostor = new FakeAgent(authority, authority.forUnit("db", "demo-1"));
    impostor.start("127.0.0.2", port);
    agents.attach(UNIT, new AgentTarget("127.0.0.2", "pod-1"), NOTHING);
    await()
        .untilAsserted(
            () -> assertThat(view().problem()).contains("certificate").contains("demo-0.db.upm"));
    assertThat(view().connected()).isFalse();
    assertThat(impostor.calls).isEmpty();
    impostor.close();
  }

  @Test
  void trustsNoOtherAuthority() throws Exception {
    CertificateAuthority other = TestAuthority.create(clock);
    var stranger = new FakeAgent(other, other.forUnit("db", "demo-0"));
    stranger.start("127.0.0.2", port);
    agents.attach(UNIT, new AgentTarget("127.0.0.2", "pod-1"), NOTHING);
    await().untilAsserted(() -> assertThat(view().problem()).contains("certificate"));
    assertThat(stranger.calls).isEmpty();
    stranger.close();
  }

  @Test
  void silenceIsNoticedAndEnds() throws Exception {
    var mute = new FakeAgent(authority, authority.forUnit("db", "demo-0"));
    mute.start("127.0.0.2", port);
    agents.close();
    agents = open(Duration.ofSeconds(2), LONG_SILENCE);
    agents.attach(UNIT, new AgentTarget("127.0.0.2", "pod-1"), NOTHING);
    awaitConnected();
    Instant before = view().since();
    clock.advance(Duration.ofSeconds(60));
    await().untilAsserted(() -> assertThat(view().connected()).isFalse());
    assertThat(view().problem()).contains("silent for 2 s");
    assertThat(view().since()).isEqualTo(before.plusSeconds(60));
    assertThat(view().report()).isPresent();
    assertThat(changes).hasSizeGreaterThanOrEqualTo(2);
    beat(mute);
    awaitConnected();
    await().untilAsserted(() -> assertThat(mute.watchers()).isEqualTo(1));
    mute.close();
  }

  @Test
  void connectsAgainWhenTheAgentIsBack() throws Exception {
    agents.attach(UNIT, TARGET, NOTHING);
    awaitConnected();
    agent.close();
    await().untilAsserted(() -> assertThat(view().connected()).isFalse());
    await().untilAsserted(() -> assertThat(view().problem()).contains("can't be reached"));
    agent.start("127.0.0.1", port);
    awaitConnected();
  }

  @Test
  void handsOverPluginThenDocument() throws Exception {
    DesiredAgent desired = desired(7, 12 << 20);
    agents.attach(UNIT, TARGET, desired);
    await().untilAsserted(() -> assertThat(agent.calls).contains("configure 7"));
    assertThat(agent.calls.stream().filter(call -> !call.equals("watch")))
        .containsExactly("inventory", "push", "activate", "configure 7");
    FileEngine engine = (FileEngine) desired.engine().orElseThrow();
    assertThat(agent.kept.get(engine.plugin().digest()))
        .isEqualTo(Files.readAllBytes(engine.archive()));
    assertThat(agent.largestChunk).hasValueLessThanOrEqualTo(64 << 10);
    await().untilAsserted(() -> assertThat(view().report().orElseThrow().revision()).isEqualTo(7));

    agents.attach(UNIT, TARGET, new DesiredAgent("8", 8, desired.engine()));
    await().untilAsserted(() -> assertThat(agent.calls).contains("configure 8"));
    assertThat(agent.calls.stream().filter("activate"::equals)).hasSize(1);
  }

  @Test
  void doesNotPushWhatTheAgentKept() throws Exception {
    agents.attach(UNIT, TARGET, desired(7, 1000));
    await().untilAsserted(() -> assertThat(agent.calls).contains("configure 7"));
    agent.restarted("agent-2");
    await()
        .untilAsserted(
            () -> assertThat(agent.calls.stream().filter("configure 7"::equals)).hasSize(2));
    assertThat(agent.calls.stream().filter("activate"::equals)).hasSize(2);
    assertThat(agent.calls.stream().filter("push"::equals)).hasSize(1);
  }

  @Test
  void neverTakesAnAgentBackToAnOlderDocument() {
    agent.says = report -> report.setRevision(9);
    agents.attach(UNIT, TARGET, new DesiredAgent("7", 7, Optional.empty()));
    awaitConnected();
    await()
        .during(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(agent.calls).containsOnly("watch"));
  }

  @Test
  void refusalIsToldAndTriedAgain() throws Exception {
    agent.refuseActivation = Status.FAILED_PRECONDITION.withDescription("needs a newer agent");
    agents.attach(UNIT, TARGET, desired(7, 1000));
    await()
        .untilAsserted(() ->
            assertThat(view().problem())
                .contains("toy@1.0.0")
                .contains("could not be activated")
                .contains("needs a newer agent"));
    assertThat(view().connected()).isTrue();
    assertThat(agent.calls).doesNotContain("configure 7");
    agent.refuseActivation = Status.OK;
    await().untilAsserted(() -> assertThat(agent.calls).contains("configure 7"));
    await().untilAsserted(() -> assertThat(view().problem()).isEmpty());
  }

  @Test
  void connectsAgainToAnAgentThatTakesNothing() throws Exception {
    var deaf = new FakeAgent(authority, authority.forUnit("db", "demo-0"));
    deaf.answersNothing = true;
    deaf.start("127.0.0.2", port);
    agents.close();
    agents = open(LONG_SILENCE, Duration.ofMillis(500));
    DesiredAgent desired = new DesiredAgent("7", 7, Optional.empty());
    agents.attach(UNIT, new AgentTarget("127.0.0.2", "pod-1"), desired);
    await()
        .untilAsserted(
            () -> assertThat(deaf.calls.stream().filter("watch"::equals)).hasSizeGreaterThan(1));
    assertThat(List.copyOf(deaf.calls).subList(0, 4))
        .containsExactly("watch", "configure 7", "configure 7", "watch");

    deaf.answersNothing = false;
    await().untilAsserted(() -> assertThat(view().report().orElseThrow().revision()).isEqualTo(7));
    awaitConnected();
    deaf.close();
  }

  @Test
  void anotherPodIsAnotherAgent() throws Exception {
    agents.attach(UNIT, TARGET, NOTHING);
    awaitConnected();
    var second = new FakeAgent(authority, authority.forUnit("db", "demo-0"));
    agents.attach(UNIT, new AgentTarget("127.0.0.2", "pod-2"), NOTHING);
    assertThat(view().connected()).isFalse();
    assertThat(view().report()).isEmpty();
    second.start("127.0.0.2", port);
    beat(second);
    awaitConnected();
    await().untilAsserted(() -> assertThat(agent.watchers()).isZero());
    second.close();
  }

  @Test
  void detachedAgentsAreForgotten() {
    agents.attach(UNIT, TARGET, NOTHING);
    agents.attach(UNIT, TARGET, NOTHING);
    awaitConnected();
    await().untilAsserted(() -> assertThat(agent.watchers()).isEqualTo(1));
    agents.detach(UNIT);
    await().untilAsserted(() -> assertThat(agent.watchers()).isZero());
    assertThat(agents.view(UNIT)).isEmpty();
    changes.clear();
    await().during(Duration.ofMillis(500)).untilAsserted(() -> assertThat(changes).isEmpty());
  }

  @Test
  void renewsItsOwnCertificate() throws Exception {
    agents.attach(UNIT, TARGET, NOTHING);
    awaitConnected();
    clock.advance(Duration.ofDays(70));
    agent.close();
    await().untilAsserted(() -> assertThat(view().connected()).isFalse());
    agent.start("127.0.0.1", port);
    awaitConnected();
    assertThat(agent.callers.getLast().getSerialNumber())
        .isNotEqualTo(agent.callers.getFirst().getSerialNumber());
  }

  private DesiredAgent desired(long revision, int zipBytes) throws Exception {
    byte[] zip = new byte[zipBytes];
    new Random(revision).nextBytes(zip);
    Path file = directory.resolve("toy.zip");
    Files.write(file, zip);
    var key = new PluginKey("toy", "1.0.0", "ab".repeat(32));
    return new DesiredAgent(
        String.valueOf(revision), revision, Optional.of(new FileEngine(key, file)));
  }
}
