package io.upm.agent.rpc;

import io.grpc.Server;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.upm.agent.action.Operations;
import io.upm.agent.document.DocumentStore;
import io.upm.agent.plugin.PluginSlot;
import io.upm.agent.plugin.PluginStore;
import io.upm.agent.report.StatusBoard;
import io.upm.agent.supervise.Supervisor;
import io.upm.agent.tree.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent's services on one port, for the runtime only. */
public final class RpcServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);

  /** How soon changed files are used; Kubernetes itself takes about a minute to change them. */
  private static final Duration RELOAD = Duration.ofSeconds(5);

  /** For what was just said, such as that the engine stopped, to go out to who listens. */
  private static final Duration LAST_WORDS = Duration.ofMillis(250);

  private final TlsFiles tls;
  private final Server server;
  private final Thread reloader;

  /**
   * What is served.
   *
   * @param documents what is wanted
   * @param supervisor who brings it about
   * @param board what is
   * @param store plugins that are kept
   * @param slot the plugin in use
   * @param operations what is done beside the engine
   * @param tree the tree that the agent runs from; empty where that can't change
   */
  public record Services(
      DocumentStore documents,
      Supervisor supervisor,
      StatusBoard board,
      PluginStore store,
      PluginSlot slot,
      Operations operations,
      Optional<Tree> tree) {}

  private RpcServer(TlsFiles tls, Server server) {
    this.tls = tls;
    this.server = server;
    this.reloader = Thread.ofVirtual().name("certificates").unstarted(this::reload);
  }

  /** When the certificate that it shows expires. */
  public Instant certificateExpiry() {
    return tls.expiry();
  }

  /**
   * Serves.
   *
   * @param certificates directory with {@code tls.crt}, {@code tls.key} and {@code ca.crt}
   * @param port port on all addresses; 0 for any
   * @param version version of the agent
   */
  public static RpcServer start(Services services, Path certificates, int port, String version)
      throws IOException, GeneralSecurityException {
    var tls = new TlsFiles(certificates);
    tls.load();
    Server server =
        OkHttpServerBuilder.forPort(port, tls.credentials())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .intercept(new RuntimeOnly())
            .keepAliveTime(30, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .permitKeepAliveTime(2, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(
                new InstanceEndpoint(
                    services.documents(),
                    services.supervisor(),
                    services.board(),
                    new Reports(version, services.tree())))
            .addService(new PluginEndpoint(services.store(), services.slot()))
            .addService(new ActionEndpoint(services.operations()))
            .build()
            .start();
    var started = new RpcServer(tls, server);
    started.reloader.start();
    LOG.info("services on port {}", server.getPort());
    return started;
  }

  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    reloader.interrupt();
    server.shutdown();
    try {
      server.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.shutdownNow();
  }

  private void reload() {
    try {
      while (true) {
        Thread.sleep(RELOAD);
        try {
          tls.load();
        } catch (IOException | GeneralSecurityException e) {
          LOG.warn("the certificate in use stays: {}", e.getMessage());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
