package io.upm.testkit.paper;

import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.instance.Health;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.instance.StopRequest;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Puts paper on the table and takes it away. */
public class PaperLifecycle implements EngineLifecycle {
  @Override
  public boolean isInitialized(Instance instance) {
    return Files.exists(instance.layout().data().resolve("paper"));
  }

  @Override
  public void initialize(Instance instance) {}

  @Override
  public ProcessSpec start(Instance instance) {
    return new ProcessSpec(List.of("paper"), Map.of(), instance.layout().data());
  }

  @Override
  public StopRequest stop(Instance instance, Duration budget) {
    return new StopRequest(StopRequest.Signal.TERM, budget);
  }

  @Override
  public Health probe(Instance instance) {
    return Health.down("there is no paper");
  }
}
