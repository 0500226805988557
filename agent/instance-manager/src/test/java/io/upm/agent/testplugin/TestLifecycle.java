package io.upm.agent.testplugin;

import io.upm.spi.PluginException;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.instance.Health;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.LiveAccounts;
import io.upm.spi.instance.LiveParameters;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.instance.StopRequest;
import io.upm.spi.metric.EngineMetrics;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class TestLifecycle implements EngineLifecycle {
  private final AgentContext context;
  private final TestMetrics metrics = new TestMetrics();

  TestLifecycle(AgentContext context) {
    this.context = context;
  }

  @Override
  public boolean isInitialized(Instance instance) {
    return Files.isDirectory(database(instance));
  }

  @Override
  public void initialize(Instance instance) {
    if (context.accounts().password("root").isEmpty()) {
      throw PluginException.user("the Secret has no password of root");
    }
    Path staging = instance.layout().data().resolve("db.new");
    var made =
        context
            .processes()
            .run(
                program(instance, List.of("--initialize", staging.toString())),
                new byte[0],
                Duration.ofMinutes(1));
    if (!made.succeeded()) {
      throw PluginException.retryable(made.output(), null);
    }
    try {
      Files.move(staging, database(instance), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw PluginException.retryable("can't move " + staging, e);
    }
  }

  @Override
  public Optional<ProcessSpec> checkConfig(Instance instance, Path candidate) {
    return Optional.of(
        program(instance, List.of("--check", candidate.resolve("engine.conf").toString())));
  }

  @Override
  public ProcessSpec start(Instance instance) {
    return program(
        instance,
        List.of(
            "--config",
            instance.layout().config().resolve("engine.conf").toString(),
            "--data",
            database(instance).toString(),
            "--socket",
            socket(instance).toString()));
  }

  @Override
  public StopRequest stop(Instance instance, Duration budget) {
    return new StopRequest(StopRequest.Signal.TERM, budget);
  }

  @Override
  public Health probe(Instance instance) {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket(instance)));
      var reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
      String[] answer = String.valueOf(reader.readLine()).split(" ", 2);
      return new Health(
          true,
          true,
          answer[0],
          "",
          Map.of("tag", answer[1]),
          Map.of("now", Long.toString(System.nanoTime())));
    } catch (IOException e) {
      return Health.down("no answer: " + e.getMessage());
    }
  }

  @Override
  public Optional<LiveParameters> live() {
    return Optional.of(new TestLiveParameters());
  }

  @Override
  public Optional<LiveAccounts> liveAccounts() {
    return Optional.of(new TestLiveAccounts(context.accounts()));
  }

  @Override
  public Optional<EngineMetrics> metrics() {
    return Optional.of(metrics);
  }

  @Override
  public List<Path> logs(Instance instance) {
    return List.of(instance.layout().data().resolve("slow.log"));
  }

  private static ProcessSpec program(Instance instance, List<String> arguments) {
    var command = new ArrayList<>(List.of(instance.settings().get("PROGRAM")));
    command.addAll(arguments);
    return new ProcessSpec(command, Map.of(), instance.layout().data());
  }

  private static Path database(Instance instance) {
    return instance.layout().data().resolve("db");
  }

  private static Path socket(Instance instance) {
    return instance.layout().run().resolve("engine.sock");
  }
}
