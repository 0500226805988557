package io.upm.agent.testplugin;

import io.upm.spi.EnginePlugin;
import io.upm.spi.Problem;
import io.upm.spi.action.AgentAction;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.ConfigRenderer;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.config.ParameterType;
import io.upm.spi.engine.Account;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Port;
import io.upm.spi.engine.Volume;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A plugin for the program in {@code agent/launcher/testengine}. */
public final class TestPlugin implements EnginePlugin {
  @Override
  public EngineDescriptor descriptor() {
    return EngineDescriptor.of("testengine", "Test engine")
        .series(EngineSeries.of("1", "1.0", "2.0", "testengine:{version}"))
        .port(new Port("client", 7000, true))
        .volume(new Volume("data", Volume.Purpose.DATA, true))
        .account(new Account("admin", "ADM_USER", "root", true, "Administers."))
        .build();
  }

  @Override
  public ParameterCatalog parameters(EngineVersion version) {
    return ParameterCatalog.of(
        Stream.of(
                "role",
                "tag",
                "start-delay",
                "stop-delay",
                "bad",
                "check-dies",
                TestLiveParameters.PARAMETER)
            .map(name -> Parameter.named(name, ParameterType.STRING).describe("For tests."))
            .toList());
  }

  @Override
  public ConfigRenderer config() {
    return new ConfigRenderer() {
      @Override
      public List<Problem> check(ConfigInput input) {
        return input.instance().limits().memoryMiB() < 16
            ? List.of(new Problem("spec.resources.memory", "less", "at least 16 MiB"))
            : List.of();
      }

      @Override
      public List<ConfigFile> render(ConfigInput input) {
        String text =
            new TreeMap<>(input.parameters())
                .entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                    .collect(Collectors.joining());
        return List.of(new ConfigFile("engine.conf", text, false));
      }
    };
  }

  @Override
  public List<AgentAction<?>> actions(AgentContext context) {
    return List.of(TestAction.SAY, TestAction.WAIT, TestAction.MOVE);
  }

  @Override
  public EngineLifecycle lifecycle(AgentContext context) {
    return new TestLifecycle(context);
  }
}
