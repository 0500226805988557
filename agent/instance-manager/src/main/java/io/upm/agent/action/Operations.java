package io.upm.agent.action;

import io.upm.agent.plugin.ActivePlugin;
import io.upm.agent.plugin.PluginSlot;
import io.upm.agent.protocol.v1.OperationPhase;
import io.upm.agent.protocol.v1.OperationReport;
import io.upm.agent.protocol.v1.PluginRef;
import io.upm.agent.store.Mover;
import io.upm.host.plugin.PluginDrainedException;
import io.upm.host.plugin.PluginFault;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionResult;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operations beside the engine, one at a time. That one begins is on disk before it does anything,
 * so that none ever runs twice: one that its agent did not see to its end has failed, and whoever
 * wants it again begins another. Safe for concurrent use.
 */
public final class Operations {
  private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

  /** For the plugin to say what an action needs. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Pattern ID = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private final OperationFiles files;
  private final PluginSlot plugins;
  private final EngineGate engine;
  private final AgentContext lent;
  private final Mover mover;
  private final Clock clock;
  private final Function<ActivePlugin, Optional<Instance>> instance;
  private final Map<String, Operation> known = new LinkedHashMap<>();
  private @Nullable Operation current;
  private boolean closed;

  /**
   * What is to be done.
   *
   * @param id chosen by whoever wants it; never done twice
   * @param parameters JSON
   * @param secrets for this operation alone
   */
  public record Order(String id, String action, String parameters, Map<String, Password> secrets) {
    public Order {
      if (!isId(id)) {
        throw new IllegalArgumentException(
            "operation \"%s\": lower-case letters, digits and dashes, at most 63".formatted(id));
      }
      secrets = Map.copyOf(secrets);
    }
  }

  /**
   * What operations need of the rest of the agent.
   *
   * @param engine who knows whether the engine runs
   * @param lent what plugins are lent
   * @param mover what carries data to and from stores
   * @param instance the instance as a plugin sees it; empty when the plugin is not for it
   */
  public record Surroundings(
      EngineGate engine,
      AgentContext lent,
      Mover mover,
      Function<ActivePlugin, Optional<Instance>> instance) {}

  /**
   * @param directory where states are kept
   */
  public Operations(Path directory, PluginSlot plugins, Surroundings around) {
    this.files = new OperationFiles(directory);
    this.plugins = plugins;
    this.engine = around.engine();
    this.lent = around.lent();
    this.mover = around.mover();
    this.clock = around.lent().clock();
    this.instance = around.instance();
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** Takes up what an earlier agent left. */
  public synchronized void recover() throws IOException {
    for (OperationReport report : files.read()) {
      OperationReport now = report;
      if (!Operation.hasEnded(report)) {
        now =
            report.toBuilder()
                .setPhase(OperationPhase.OPERATION_FAILED)
                .setMessage("the agent ended while it ran: how far it came is not known")
                .setEndedMillis(clock.millis())
                .build();
        files.write(now);
        LOG.warn("operation {} ({}) was interrupted", now.getOperation(), now.getAction());
      }
      known.put(now.getOperation(), new Operation(now));
    }
  }

  public synchronized Optional<Operation> find(String id) {
    return Optional.ofNullable(known.get(id));
  }

  /**
   * Begins an operation, unless it is known.
   *
   * @throws IllegalStateException when it can't begin now
   * @throws IllegalArgumentException when the action or its parameters are wrong
   * @throws IOException when it can't be noted that it begins
   */
  public synchronized Operation begin(Order order) throws IOException {
    Operation before = known.get(order.id());
    if (before != null) {
      return before;
    }
    if (closed) {
      throw new IllegalStateException("the agent is about to be changed for another one");
    }
    Optional<OperationReport> busy = busy();
    if (busy.isPresent()) {
      OperationReport report = busy.get();
      throw new IllegalStateException(
          "operation %s (%s) runs".formatted(report.getOperation(), report.getAction()));
    }
    ActivePlugin plugin =
        plugins.active().orElseThrow(() -> new IllegalStateException("there is no plugin yet"));
    Instance beside =
        instance
            .apply(plugin)
            .orElseThrow(() -> new IllegalStateException("there is no instance yet"));
    return begin(plugin, order, new Work(order, beside, lent, mover));
  }

  /** Has none begin any more; returns false, and changes nothing, while one runs. */
  public synchronized boolean close() {
    closed = busy().isEmpty();
    return closed;
  }

  private Optional<OperationReport> busy() {
    return Optional.ofNullable(current)
        .map(Operation::report)
        .filter(report -> !Operation.hasEnded(report));
  }

  private Operation begin(ActivePlugin plugin, Order order, Work work) throws IOException {
    var operation = new Operation(report(plugin, order));
    var ready = new CompletableFuture<ActionDescriptor<?>>();
    var go = new CompletableFuture<@Nullable Void>();
    Thread worker =
        Thread.ofVirtual()
            .name("operation " + order.id())
            .unstarted(() -> work(plugin, work, operation, new Handshake(ready, go)));
    worker.start();
    ActionDescriptor<?> descriptor;
    try {
      descriptor = await(ready);
      engine.enter(descriptor.engine());
      // Until it has ended: whether it may be begun again should the agent not live to see that.
      operation.change(now -> now.setRetryable(!descriptor.destructive()));
      try {
        files.write(operation.report());
      } catch (IOException e) {
        engine.leave();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      go.completeExceptionally(e);
      throw e;
    }
    if (descriptor.cancellable()) {
      operation.runsOn(worker);
    }
    known.put(order.id(), operation);
    current = operation;
    LOG.info("operation {} begins: {}", order.id(), order.action());
    go.complete(null);
    return operation;
  }

  /** Between who wants the operation and who works on it. */
  private record Handshake(
      CompletableFuture<ActionDescriptor<?>> ready, CompletableFuture<@Nullable Void> go) {
    void await() {
      try {
        go.join();
      } catch (CompletionException e) {
        throw PluginException.user("it is not to begin", e);
      }
    }
  }

  private static ActionDescriptor<?> await(CompletableFuture<ActionDescriptor<?>> ready) {
    try {
      return ready.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the plugin does not say what the action needs", e);
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case PluginDrainedException drained ->
            new IllegalStateException("the plugin is being exchanged", drained);
        case PluginException wrong when wrong.kind() == PluginException.Kind.USER ->
            new IllegalArgumentException(wrong.getMessage(), wrong);
        case RuntimeException other -> other;
        case null, default -> new IllegalStateException(e);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private OperationReport report(ActivePlugin plugin, Order order) {
    return OperationReport.newBuilder()
        .setOperation(order.id())
        .setAction(order.action())
        .setPlugin(
            PluginRef.newBuilder()
                .setId(plugin.key().id())
                .setVersion(plugin.key().version())
                .setDigest(plugin.key().digest()))
        .setPhase(OperationPhase.OPERATION_RUNNING)
        .setMessage("begins")
        .setBeganMillis(clock.millis())
        .build();
  }

  /** On a thread of its own: the one that cancelling interrupts. */
  private void work(ActivePlugin plugin, Work work, Operation operation, Handshake handshake) {
    try {
      ActionResult result =
          work.run(
              plugin.plugin(),
              descriptor -> {
                handshake.ready().complete(descriptor);
                handshake.await();
              },
              operation);
      end(
          operation,
          OperationPhase.OPERATION_SUCCEEDED,
          builder ->
              builder
                  .setMessage(result.message())
                  .putAllValues(result.values())
                  .setRetryable(false));
    } catch (PluginException | PluginFault | PluginDrainedException e) {
      if (handshake.ready().completeExceptionally(e) || handshake.go().isCompletedExceptionally()) {
        return;
      }
      failed(operation, e);
    }
  }

  private void failed(Operation operation, RuntimeException e) {
    if (operation.cancelled()) {
      end(
          operation,
          OperationPhase.OPERATION_CANCELLED,
          builder -> builder.setMessage("cancelled").setRetryable(false));
      return;
    }
    boolean retryable =
        e instanceof PluginException said && said.kind() == PluginException.Kind.TRANSIENT;
    LOG.warn("operation {} failed", operation.report().getOperation(), e);
    end(
        operation,
        OperationPhase.OPERATION_FAILED,
        builder -> builder.setMessage(String.valueOf(e.getMessage())).setRetryable(retryable));
  }

  /** On disk before anybody is told; if that can't be, it will have been interrupted. */
  private void end(
      Operation operation,
      OperationPhase phase,
      Function<OperationReport.Builder, OperationReport.Builder> change) {
    operation.runsOn(null);
    // What was meant for the action must not end the writing.
    boolean unused = Thread.interrupted();
    OperationReport last =
        change
            .apply(operation.report().toBuilder())
            .setPhase(phase)
            .setEndedMillis(clock.millis())
            .build();
    try {
      files.write(last);
    } catch (IOException e) {
      LOG.error("the end of operation {} can't be kept", last.getOperation(), e);
    }
    engine.leave();
    LOG.info("operation {} {}: {}", last.getOperation(), phase, last.getMessage());
    operation.change(builder -> last.toBuilder());
  }
}
