package io.upm.testkit.paper;

import io.upm.spi.EnginePlugin;
import io.upm.spi.Problem;
import io.upm.spi.RuntimeContext;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.ConfigRenderer;
import io.upm.spi.config.Impact;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.config.ParameterType;
import io.upm.spi.engine.Account;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Limits;
import io.upm.spi.engine.Mode;
import io.upm.spi.engine.Port;
import io.upm.spi.engine.Volume;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.topology.TopologyManager;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An engine that keeps the contract. */
public class Paper implements EnginePlugin {
  private static final Limits LEAST = new Limits(256L << 20, 100);
  private static final List<String> COLOURS = List.of("white", "yellow");

  /** Parameters of the one action. */
  public record Fold(int times) {}

  @Override
  public EngineDescriptor descriptor() {
    return EngineDescriptor.of("paper", "Paper")
        .series(EngineSeries.of("1", "1.0.0", "2.0", "paper:{version}"))
        .series(EngineSeries.of("2", "2.0.0", "3.0", "paper:{version}"))
        .port(new Port("paper", 4711, true))
        .volume(new Volume("data", Volume.Purpose.DATA, true))
        .account(new Account("writer", "WRITER_USER", "writer", true, "Writes."))
        .mode(new Mode("pair", 2, "PaperPair", "An original and its copies."))
        .minimum(LEAST)
        .build();
  }

  @Override
  public ParameterCatalog parameters(EngineVersion version) {
    return ParameterCatalog.of(
        List.of(
            Parameter.named("pages", ParameterType.INTEGER)
                .range(Parameter.Range.between(1, 100))
                .defaultValue("10")
                .impact(Impact.DYNAMIC)
                .describe("How many pages there are."),
            Parameter.named("tray", ParameterType.SIZE)
                .range(Parameter.Range.between("0", "18446744073709551615"))
                .defaultValue("{memory} / 4")
                .describe("How much paper lies ready."),
            Parameter.named("colour", ParameterType.ENUMERATION)
                .range(Parameter.Range.oneOf("white", "yellow"))
                .defaultValue("white")
                .describe("What it looks like."),
            Parameter.named("lined", ParameterType.BOOLEAN)
                .defaultValue("OFF")
                .describe("Whether there are lines.")));
  }

  @Override
  public ConfigRenderer config() {
    return new ConfigRenderer() {
      @Override
      public List<Problem> check(ConfigInput input) {
        Limits limits = input.instance().limits();
        return limits.covers(LEAST)
            ? List.of()
            : List.of(new Problem("spec.resources.limits", limits.toString(), LEAST + " or more"));
      }

      @Override
      public List<ConfigFile> render(ConfigInput input) {
        return List.of(new ConfigFile("paper.conf", text(input), false));
      }
    };
  }

  /** The configuration; other versions of this engine write it differently. */
  protected String text(ConfigInput input) {
    Map<String, String> values = new TreeMap<>(input.parameters());
    values.putIfAbsent("tray", String.valueOf(input.instance().limits().memoryBytes() / 4));
    values.putIfAbsent("colour", COLOURS.getFirst());
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + " = " + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }

  @Override
  public EngineLifecycle lifecycle(AgentContext context) {
    return new PaperLifecycle();
  }

  @Override
  public List<AgentAction<?>> actions(AgentContext context) {
    return List.of(
        new AgentAction<Fold>() {
          @Override
          public ActionDescriptor<Fold> descriptor() {
            return new ActionDescriptor<>(
                "fold", Fold.class, false, ActionDescriptor.Engine.ANY, true);
          }

          @Override
          public ActionResult run(Fold parameters, ActionContext action) {
            return new ActionResult("folded", Map.of());
          }
        });
  }

  @Override
  public List<TopologyManager<?, ?>> topologies(RuntimeContext context) {
    return List.of(new PaperPair());
  }
}
