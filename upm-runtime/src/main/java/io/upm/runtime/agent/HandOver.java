package io.upm.runtime.agent;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.upm.agent.protocol.v1.ActivateRequest;
import io.upm.agent.protocol.v1.ConfigureRequest;
import io.upm.agent.protocol.v1.InstanceServiceGrpc;
import io.upm.agent.protocol.v1.InventoryRequest;
import io.upm.agent.protocol.v1.InventoryResponse;
import io.upm.agent.protocol.v1.PluginRef;
import io.upm.agent.protocol.v1.PluginServiceGrpc;
import io.upm.agent.protocol.v1.PushRequest;
import io.upm.agent.protocol.v1.PushResponse;
import io.upm.agent.protocol.v1.RestartRequest;
import io.upm.host.plugin.PluginKey;
import io.upm.runtime.engine.Engine;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Gives an agent what it lacks: the plugin's zip, then the order to use it, then the instance
 * document. Every call has a deadline; all of it may be repeated.
 */
final class HandOver {
  private static final Duration ACTIVATION = Duration.ofSeconds(60);

  /** An engine may take its time to stop; the agent goes on when the runtime doesn't wait. */
  private static final Duration RESTART = Duration.ofMinutes(10);

  private static final Duration PUSH = Duration.ofMinutes(5);

  /** What could not be handed over, and why, as one sentence. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean unanswered;

    Refused(String what, Throwable cause) {
      super(what + ": " + Sentences.of(cause), cause);
      this.unanswered =
          cause instanceof StatusException failed
              && failed.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
    }

    /** Whether the agent said nothing at all to it. */
    boolean unanswered() {
      return unanswered;
    }
  }

  private final Channel channel;
  private final Pushes pushes;
  private final Duration answer;

  /**
   * @param answer how long a call may take that does nothing that takes long
   */
  HandOver(Channel channel, Pushes pushes, Duration answer) {
    this.channel = channel;
    this.pushes = pushes;
    this.answer = answer;
  }

  /**
   * @param held what the agent said last that it has
   * @throws InterruptedException when nobody wants it any more
   */
  void deliver(DesiredAgent desired, AgentView.Report held) throws Refused, InterruptedException {
    if (desired.engine().isPresent()) {
      Engine engine = desired.engine().get();
      if (!engine.plugin().digest().equals(held.pluginDigest())) {
        deliver(engine);
      }
    }
    if (held.revision() < desired.revision()) {
      configure(desired);
    }
    if (needsRestart(desired, held)) {
      restart(desired);
    }
  }

  /** Whether the engine is to be restarted for a configuration that lies ready. */
  static boolean needsRestart(DesiredAgent desired, AgentView.Report held) {
    return desired.restart()
        && held.config().pendingRestart()
        && held.config().revision() >= desired.revision();
  }

  private void restart(DesiredAgent desired) throws Refused {
    try {
      InstanceServiceGrpc.newBlockingV2Stub(channel)
          .withDeadlineAfter(RESTART)
          .restart(RestartRequest.newBuilder().setRevision(desired.revision()).build());
    } catch (StatusException e) {
      throw new Refused("the engine could not be restarted", e);
    }
  }

  private void deliver(Engine engine) throws Refused, InterruptedException {
    PluginRef ref = ref(engine.plugin());
    var plugins = PluginServiceGrpc.newBlockingV2Stub(channel);
    try {
      InventoryResponse inventory =
          plugins.withDeadlineAfter(answer).inventory(InventoryRequest.getDefaultInstance());
      boolean kept =
          inventory.getKeptList().stream().anyMatch(one -> one.getDigest().equals(ref.getDigest()));
      if (!kept) {
        push(engine, ref);
      }
    } catch (StatusException | IOException e) {
      throw new Refused("plugin " + engine.plugin() + " could not be handed over", e);
    }
    try {
      plugins
          .withDeadlineAfter(ACTIVATION)
          .activate(ActivateRequest.newBuilder().setRef(ref).build());
    } catch (StatusException e) {
      throw new Refused("plugin " + engine.plugin() + " could not be activated", e);
    }
  }

  private void push(Engine engine, PluginRef ref)
      throws StatusException, IOException, InterruptedException {
    try (Pushes.Turn turn = pushes.turn()) {
      push(pushes.chunks(engine), ref);
    }
  }

  private void push(List<ByteString> chunks, PluginRef ref)
      throws StatusException, InterruptedException {
    BlockingClientCall<PushRequest, PushResponse> call =
        PluginServiceGrpc.newBlockingV2Stub(channel).withDeadlineAfter(PUSH).push();
    boolean done = false;
    try {
      boolean open = call.write(PushRequest.newBuilder().setRef(ref).build());
      for (int next = 0; open && next < chunks.size(); next++) {
        open = call.write(PushRequest.newBuilder().setChunk(chunks.get(next)).build());
      }
      call.halfClose();
      // Nothing to read without a failure means that the agent ended the call without an answer.
      if (call.read() == null) {
        throw Status.INTERNAL.withDescription("the agent did not answer").asException();
      }
      done = true;
    } finally {
      if (!done) {
        call.cancel("given up", null);
      }
    }
  }

  private void configure(DesiredAgent desired) throws Refused {
    try {
      InstanceServiceGrpc.newBlockingV2Stub(channel)
          .withDeadlineAfter(answer)
          .configure(ConfigureRequest.newBuilder().setDocument(desired.document()).build());
    } catch (StatusException e) {
      throw new Refused(
          "revision %d of the instance document could not be handed over"
              .formatted(desired.revision()),
          e);
    }
  }

  private static PluginRef ref(PluginKey key) {
    return PluginRef.newBuilder()
        .setId(key.id())
        .setVersion(key.version())
        .setDigest(key.digest())
        .build();
  }
}
