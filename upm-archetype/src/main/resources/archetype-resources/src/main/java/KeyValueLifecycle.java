package ${package};

import io.upm.spi.PluginException;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.instance.Health;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.instance.StopRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How the server is initialised, started, stopped and probed; runs in the agent, beside it. */
final class KeyValueLifecycle implements EngineLifecycle {
  /** Two of them and some margin are less than the 3 seconds that a probe may take. */
  private static final int PATIENCE_MILLIS = 1000;

  static Path directory(Instance instance) {
    return instance.layout().data().resolve("store");
  }

  static Integer port(Instance instance) {
    return instance.ports().getOrDefault(KeyValuePlugin.PORT.name(), KeyValuePlugin.PORT.number());
  }

  @Override
  public boolean isInitialized(Instance instance) {
    return Files.isDirectory(directory(instance));
  }

  /** One step, so nothing can be half done. An engine that needs more does it under another name and renames it. */
  @Override
  public void initialize(Instance instance) {
    try {
      Files.createDirectories(directory(instance));
    } catch (IOException e) {
      throw PluginException.retryable("the store's directory can't be made: " + e.getMessage(), e);
    }
  }

  @Override
  public ProcessSpec start(Instance instance) {
    Path config = instance.layout().config();
    return new ProcessSpec(
        List.of(
            "perl",
            config.resolve(KeyValueConfig.PROGRAM).toString(),
            config.resolve(KeyValueConfig.FILE).toString()),
        Map.of(),
        instance.layout().data());
  }

  @Override
  public StopRequest stop(Instance instance, Duration budget) {
    return new StopRequest(StopRequest.Signal.TERM, budget);
  }

  @Override
  public Health probe(Instance instance) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port(instance));
    try (var socket = new Socket()) {
      socket.connect(address, PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write("COUNT\n".getBytes(StandardCharsets.UTF_8));
      var reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String keys = reader.readLine();
      return keys == null
          ? Health.notReady("the server hangs up")
          : new Health(true, true, "", "", Map.of(), Map.of("keys", keys));
    } catch (IOException e) {
      return Health.down("the server doesn't answer: " + e.getMessage());
    }
  }
}
