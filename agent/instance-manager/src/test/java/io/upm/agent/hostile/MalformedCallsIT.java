package io.upm.agent.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.upm.agent.container.Authority;
import io.upm.agent.container.Pod;
import io.upm.agent.hostile.Attempt.Ending;
import io.upm.agent.protocol.v1.BeginRequest;
import io.upm.agent.protocol.v1.FollowRequest;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.OperationPhase;
import io.upm.agent.protocol.v1.OperationReport;
import io.upm.agent.protocol.v1.PushRequest;
import io.upm.host.document.InstanceDocument;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The agent's services against one who has stolen the runtime's certificate, or a runtime that has
 * gone mad: 10,000 messages, the same for the same seed.
 */
class MalformedCallsIT {
  private static final long SEED = Long.getLong("upm.fuzz.seed", 20261122);
  private static final int CALLS = Integer.getInteger("upm.fuzz.calls", 9_500);
  private static final int CONNECTIONS = Integer.getInteger("upm.fuzz.connections", 500);

  /** One in so many comes before anything is measured, to have all loaded that will be. */
  private static final int WARM_UP = 10;

  /** At once. */
  private static final int CALLERS = Integer.getInteger("upm.fuzz.callers", 8);

  /** What is said when nobody answers, or the connection is gone. */
  private static final Set<Status.Code> NO_ANSWERS =
      Set.of(Status.Code.DEADLINE_EXCEEDED, Status.Code.UNAVAILABLE, Status.Code.CANCELLED);

  /** Beyond any that collections and idle threads make; a leak of one in a hundred is more. */
  private static final int SLACK = 20;

  private static final long HEAP_SLACK = 2 << 20;

  @Test
  void noneOfTenThousandChangesOrHarmsAnything() throws Exception {
    try (var pod = Pod.ready()) {
      InstanceDocument document = pod.container().document(Long.MAX_VALUE, true, Map.of());
      pod.runtime().configure(document);
      say(pod, "before");
      var attempts = new Attempts(SEED, document, pod.plugin("1.0.0").key(), "before");
      Authority.Pem runtime = pod.authority().forRuntime();
      var calls = new RawCalls(() -> pod.container().channel(runtime));
      var connections = new RawConnections(runtime, pod.container().grpcPort());
      Held before = Held.by(pod);
      make(attempts, calls, CALLS / WARM_UP);
      connect(connections, SEED + 1, CONNECTIONS / WARM_UP);
      Footprint small = Footprint.of(pod.container().agent());

      Map<Status.Code, Integer> answers = make(attempts, calls, CALLS);
      connect(connections, SEED, CONNECTIONS);

      assertThat(answers).as("seed %d: %s", SEED, answers).containsKey(Status.Code.OK);
      Footprint after = Footprint.of(pod.container().agent());
      assertThat(after.threads()).as("threads").isLessThan(small.threads() + SLACK);
      assertThat(after.virtualThreads())
          .as("virtual threads")
          .isLessThan(small.virtualThreads() + SLACK);
      assertThat(after.files()).as("files").isLessThan(small.files() + SLACK);
      assertThat(after.heapBytes()).as("heap").isLessThan(small.heapBytes() + HEAP_SLACK);
      // What was dropped last may still be on its way out.
      await().untilAsserted(() -> assertThat(Held.by(pod)).isEqualTo(before));

      say(pod, "after");
      pod.runtime().restart(Long.MAX_VALUE);
      InstanceReport again =
          pod.runtime()
              .report(
                  "ready again", report -> Pod.isReady(report) && report.getEngineStarts() == 2);
      assertThat(again.getAgentId()).isEqualTo(before.report().getAgentId());
    }
  }

  @Test
  void aPushThatIsRefusedAtOnceLeavesRoomForOtherCallsOnItsConnection() throws Exception {
    try (var pod = Pod.ready()) {
      ManagedChannel channel = pod.container().channel(pod.authority().forRuntime());
      byte[] chunk =
          PushRequest.newBuilder()
              .setChunk(ByteString.copyFrom(new byte[60 << 10]))
              .build()
              .toByteArray();
      for (int number = 0; number < 5; number++) {
        // Without a reference before them.
        var push =
            new Attempt(
                number,
                "upm.agent.v1.PluginService/Push",
                Collections.nCopies(20, chunk),
                Ending.CLOSED);
        assertThat(RawCalls.make(channel, push).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      }
    }
  }

  /** A good operation, to its end. */
  private static void say(Pod pod, String id) {
    var order =
        BeginRequest.newBuilder()
            .setOperation(id)
            .setAction("say")
            .setParameters("{\"text\": \"hello\"}")
            .putSecrets("key", ByteString.copyFromUtf8("value"));
    var unused = pod.runtime().actions().begin(order.build());
    Iterator<OperationReport> reports =
        pod.runtime().actions().follow(FollowRequest.newBuilder().setOperation(id).build());
    OperationReport last = reports.next();
    while (reports.hasNext()) {
      last = reports.next();
    }
    assertThat(last.getPhase()).isEqualTo(OperationPhase.OPERATION_SUCCEEDED);
  }

  /** Makes that many calls, and counts what was answered. */
  private static Map<Status.Code, Integer> make(Attempts attempts, RawCalls calls, int count)
      throws ExecutionException, InterruptedException {
    var answers = new ConcurrentHashMap<Status.Code, Integer>();
    allOf(
        Stream.generate(attempts::next)
            .limit(count)
            .map(attempt ->
                (Callable<Void>)
                    () -> {
                      Status status = calls.make(attempt);
                      if (attempt.ending() == Ending.CLOSED
                          && !attempt.method().endsWith("Watch")) {
                        assertThat(status.getCode())
                            .as("seed %d, %s: %s", SEED, attempt, status)
                            .isNotIn(NO_ANSWERS);
                      }
                      answers.merge(status.getCode(), 1, Integer::sum);
                      return null;
                    })
            .toList());
    return new EnumMap<>(answers);
  }

  private static void connect(RawConnections connections, long seed, int count)
      throws ExecutionException, InterruptedException {
    allOf(
        IntStream.range(0, count)
            .mapToObj(number ->
                (Callable<Void>)
                    () -> {
                      Talk talk = Talk.values()[number % Talk.values().length];
                      talk(connections, talk, seed + number);
                      return null;
                    })
            .toList());
  }

  private static void talk(RawConnections connections, Talk talk, long seed) {
    try {
      String heard = connections.say(talk.bytes(new SplittableRandom(seed)), talk::isAnswered);
      assertThat(talk.isAnswered(heard)).as("%s, seed %d: %s", talk, seed, heard).isTrue();
    } catch (IOException e) {
      throw new AssertionError("%s, seed %d".formatted(talk, seed), e);
    }
  }

  /** All, or until the first one fails. */
  private static void allOf(List<Callable<Void>> work)
      throws ExecutionException, InterruptedException {
    try (var callers = Executors.newFixedThreadPool(CALLERS)) {
      var ends = new ExecutorCompletionService<Void>(callers);
      work.forEach(ends::submit);
      try {
        for (int left = work.size(); left > 0; left--) {
          ends.take().get();
        }
      } finally {
        callers.shutdownNow();
      }
    }
  }
}
