package io.upm.agent.hostile;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Makes calls of bytes to methods of any name. What is sent for a call that the server has ended is
 * not given back to its connection's window, which is the loss of who sent it: each connection is
 * used for less than that.
 */
final class RawCalls {
  /** The window is 64 KiB. */
  private static final int BYTES = 48 << 10;

  /** No answer is one that takes longer. */
  private static final int LIMIT_SECONDS = 15;

  private final Supplier<ManagedChannel> connections;
  private Connection connection;

  /**
   * A channel that is shut down fails also what was begun before, as long as it hasn't found its
   * address: so it is only when nothing is under way on it.
   */
  private static final class Connection {
    final ManagedChannel channel;
    private int sent;
    private int underWay;
    private boolean left;

    Connection(ManagedChannel channel) {
      this.channel = channel;
    }

    boolean hasRoomFor(Attempt attempt) {
      return sent == 0 || sent + attempt.bytes() <= BYTES;
    }

    void begin(Attempt attempt) {
      sent += attempt.bytes();
      underWay++;
    }

    void end() {
      underWay--;
      shutDownIfDone();
    }

    void leave() {
      left = true;
      shutDownIfDone();
    }

    private void shutDownIfDone() {
      if (left && underWay == 0) {
        channel.shutdown();
      }
    }
  }

  RawCalls(Supplier<ManagedChannel> connections) {
    this.connections = connections;
    this.connection = new Connection(connections.get());
  }

  Status make(Attempt attempt) {
    Connection taken = take(attempt);
    try {
      return make(taken.channel, attempt);
    } finally {
      giveBack(taken);
    }
  }

  /** What became of it: of one that the caller gave up, that it was cancelled. */
  static Status make(ManagedChannel channel, Attempt attempt) {
    return Outcome.begin(channel, attempt).make();
  }

  private synchronized Connection take(Attempt attempt) {
    if (!connection.hasRoomFor(attempt)) {
      connection.leave();
      connection = new Connection(connections.get());
    }
    connection.begin(attempt);
    return connection;
  }

  private synchronized void giveBack(Connection taken) {
    taken.end();
  }

  private static final class Outcome extends ClientCall.Listener<byte[]> {
    /** For an answer to a call that goes on: most are refused by then. */
    private static final int PATIENCE_MILLIS = 20;

    private final ClientCall<byte[], byte[]> call;
    private final Attempt attempt;
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    Outcome(ClientCall<byte[], byte[]> call, Attempt attempt) {
      this.call = call;
      this.attempt = attempt;
    }

    static Outcome begin(ManagedChannel channel, Attempt attempt) {
      ClientCall<byte[], byte[]> call =
          channel.newCall(
              method(attempt.method()),
              CallOptions.DEFAULT.withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS));
      var outcome = new Outcome(call, attempt);
      call.start(outcome, new Metadata());
      call.request(Integer.MAX_VALUE);
      return outcome;
    }

    Status make() {
      attempt.messages().forEach(call::sendMessage);
      switch (attempt.ending()) {
        case CLOSED -> call.halfClose();
        case DROPPED -> call.cancel("dropped", null);
        case LEFT_OPEN -> leaveSoon();
      }
      return end.orTimeout(2 * LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void onMessage(byte[] message) {
      if (attempt.method().endsWith("/Watch")) {
        call.cancel("it would go on for ever", null);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      end.complete(status);
    }

    private void leaveSoon() {
      var unused =
          end.copy()
              .completeOnTimeout(Status.CANCELLED, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
              .thenRun(() -> call.cancel("left", null));
    }
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.newBuilder(Bytes.AS_THEY_ARE, Bytes.AS_THEY_ARE)
        .setFullMethodName(name)
        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
        .build();
  }

  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    AS_THEY_ARE;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
