package io.upm.runtime.leak;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a plugin leaves behind that brings gRPC and Netty: as {@link Leaky}, with the real libraries
 * in its {@code lib}.
 */
public final class LeakyNetty {
  private static final FastThreadLocal<LeakyNetty> LOCAL = new FastThreadLocal<>();

  /** What a client sends first: {@code PRI * HTTP/2.0} and what follows (RFC 9113, 3.4). */
  private static final int PREFACE = 24;

  private static final int PATIENCE = 10_000;
  private static @Nullable Connection connection;

  private LeakyNetty() {}

  /**
   * The second one, so that all classes are there which its end will need: both are in the same
   * state when they end.
   */
  static void channel() throws IOException, InterruptedException {
    Connection.open().end();
    connection = Connection.open();
  }

  /** A channel, and the other side, which takes what it is sent and never answers. */
  private record Connection(ManagedChannel channel, ServerSocket server, Socket peer) {
    static Connection open() throws IOException {
      var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      server.setSoTimeout(PATIENCE);
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(
                  server.getInetAddress().getHostAddress(), server.getLocalPort())
              .usePlaintext()
              .build();
      channel.getState(true);
      Socket peer = server.accept();
      peer.getInputStream().readNBytes(PREFACE);
      return new Connection(channel, server, peer);
    }

    void end() throws IOException, InterruptedException {
      channel.shutdownNow().awaitTermination(PATIENCE, TimeUnit.MILLISECONDS);
      peer.close();
      server.close();
    }
  }

  static void threadLocal() {
    LOCAL.set(new LeakyNetty());
  }

  /** Takes back what the method of the same name did. */
  static final class Undo {
    private Undo() {}

    /** Orderly, and yet its threads end only afterwards. */
    static void channel() throws IOException, InterruptedException {
      Connection made = connection;
      if (made != null) {
        made.end();
      }
      FastThreadLocal.removeAll();
    }

    static void threadLocal() {
      FastThreadLocal.removeAll();
    }
  }
}
