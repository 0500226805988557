package io.upm.runtime.agent;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioChannelOption;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.upm.runtime.pki.CertificateAuthority;
import io.upm.runtime.pki.IssuedCertificate;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Makes channels to agents. All share two event loop threads and the runtime's certificate, which
 * is renewed when a channel is made after it became due.
 */
final class AgentChannels implements AutoCloseable {
  /** What agents call themselves and where they listen. */
  static final int PORT = 2214;

  private static final int EVENT_LOOPS = 2;
  private static final int CONNECT_MILLIS = 2000;

  /** More than any report; a fixed one, as finding the best costs a ping for each message. */
  private static final int WINDOW_BYTES = 256 << 10;

  /** Seconds without traffic before the kernel asks whether the other end is there, and between. */
  private static final int PROBE_SECONDS = 1;

  /** So many unanswered: with the first pause, a node that is cut off is noticed in 4 s. */
  private static final int PROBES = 3;

  private record Identity(SslContext context, Instant renewAfter) {}

  private final CertificateAuthority authority;
  private final InstantSource clock;
  private final int port;
  private final NioEventLoopGroup eventLoops =
      new NioEventLoopGroup(EVENT_LOOPS, Thread.ofPlatform().daemon().name("agents-", 0).factory());
  private final ExecutorService callbacks =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("agent-callback").factory());
  private final ReentrantLock renewal = new ReentrantLock();
  private @Nullable Identity identity;

  AgentChannels(CertificateAuthority authority, InstantSource clock, int port) {
    this.authority = authority;
    this.clock = clock;
    this.port = port;
  }

  /**
   * A channel that talks to the agent of this Unit and to no other: whoever answers must have the
   * Unit's certificate.
   *
   * @throws IllegalArgumentException when the address isn't one
   */
  ManagedChannel open(UnitKey unit, AgentTarget target) {
    var address = new InetSocketAddress(InetAddress.ofLiteral(target.address()), port);
    return NettyChannelBuilder.forAddress(address)
        .eventLoopGroup(eventLoops)
        .channelType(NioSocketChannel.class)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .withOption(ChannelOption.SO_KEEPALIVE, true)
        .withOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), PROBE_SECONDS)
        .withOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), PROBE_SECONDS)
        .withOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES)
        .flowControlWindow(WINDOW_BYTES)
        .sslContext(context())
        .overrideAuthority(unit.name() + "." + unit.namespace() + ".upm")
        .proxyDetector(destination -> null)
        .disableRetry()
        .executor(callbacks)
        .build();
  }

  @Override
  public void close() {
    callbacks.shutdown();
    eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private SslContext context() {
    renewal.lock();
    try {
      Identity current = identity;
      if (current == null || !clock.instant().isBefore(current.renewAfter())) {
        current = issue();
        identity = current;
      }
      return current.context();
    } finally {
      renewal.unlock();
    }
  }

  /** The JDK's TLS, as the native one unpacks a library into the file system. */
  private Identity issue() {
    IssuedCertificate certificate = authority.forRuntime();
    try {
      SslContextBuilder builder =
          GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
              .keyManager(stream(certificate.certificate()), stream(certificate.privateKey()))
              .trustManager(stream(authority.authorityPem()));
      return new Identity(builder.build(), certificate.renewAfter());
    } catch (SSLException e) {
      throw new IllegalStateException("the runtime's own certificate can't be used", e);
    }
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }
}
