package io.upm.testkit.flawed;

import io.upm.spi.EnginePlugin;
import io.upm.spi.Problem;
import io.upm.spi.RuntimeContext;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import io.upm.spi.action.ProvisionDescriptor;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.ConfigRenderer;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.config.ParameterType;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Port;
import io.upm.spi.engine.Volume;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.instance.Health;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.instance.StopRequest;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.NodeReport;
import io.upm.spi.topology.SetView;
import io.upm.spi.topology.Step;
import io.upm.spi.topology.TopologyDescriptor;
import io.upm.spi.topology.TopologyManager;
import io.upm.spi.topology.TopologyReport;
import io.upm.testkit.paper.PairSpec;
import io.upm.testkit.paper.Paper;
import io.upm.testkit.paper.PaperLifecycle;
import io.upm.testkit.paper.PaperPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;

/** Plugins with one flaw each, by the name of the contract's test that has to find it. */
public final class Flaws {
  private Flaws() {}

  public static Map<String, List<Supplier<EnginePlugin>>> byTest() {
    return Map.ofEntries(
        Map.entry("isMadeByAPublicConstructorWithoutArguments", List.of(Hidden::new)),
        Map.entry("describesItselfTheSameEveryTime", List.of(Forgetful::new)),
        Map.entry("hasAnImageForEachSeries", List.of(NoImage::new)),
        Map.entry("hasAPortForClientsAndAVolumeForData", List.of(NoVolume::new)),
        Map.entry("parametersAreConsistent", List.of(WrongDefault::new)),
        Map.entry("everyModeRendersAtEverySize", List.of(Dated::new, Local::new)),
        Map.entry("everyParameterCanBeSetToItsBounds", List.of(Deaf::new)),
        Map.entry("tooLittleMemoryIsAProblem", List.of(Greedy::new)),
        Map.entry(
            "startsTheEngineWithoutSecretsInSight", List.of(() -> new WithLifecycle(Open::new))),
        Map.entry("stopsWithinTheBudget", List.of(() -> new WithLifecycle(context -> new Slow()))),
        Map.entry(
            "anEngineThatIsAwayIsSeenAsThat",
            List.of(() -> new WithLifecycle(context -> new Hopeful()))),
        Map.entry(
            "whatGivesDatabasesAndUsersIsOnePerKindAndNamesTheActionThatRemovesThem",
            List.of(Careless::new)),
        Map.entry("kindsAreNamed", List.of(() -> new WithTopology(new Misnamed()))),
        Map.entry("documentedManifestsAreValid", List.of(() -> new WithTopology(new Strict()))),
        Map.entry(
            "validationAnswersWhateverTheSpec", List.of(() -> new WithTopology(new Fragile()))),
        Map.entry(
            "decisionsAndReportsFollowFromWhatWasObserved",
            List.of(
                () -> new WithTopology(new Fickle()),
                () -> new WithTopology(new Silent()),
                () -> new WithTopology(new Wishful()))),
        Map.entry(
            "everyModeWithATopologyGetsASpec", List.of(() -> new WithTopology(new Unhelpful()))),
        Map.entry("startsNoThread", List.of(Busy::new)));
  }

  /** Gives databases, and has nothing that removes them. */
  public static final class Careless extends Paper {
    /**
     * Parameters of the action.
     *
     * @param name of the database
     */
    public record Shelf(String name) {}

    @Override
    public List<AgentAction<?>> actions(AgentContext context) {
      return List.of(
          new AgentAction<Shelf>() {
            @Override
            public ActionDescriptor<Shelf> descriptor() {
              return new ActionDescriptor<>(
                  "shelve", Shelf.class, false, ActionDescriptor.Engine.ANY, true);
            }

            @Override
            public Optional<ProvisionDescriptor> provision() {
              return Optional.of(
                  new ProvisionDescriptor(ProvisionDescriptor.Subject.DATABASE, "unshelve"));
            }

            @Override
            public ActionResult run(Shelf parameters, ActionContext action) {
              return new ActionResult("shelved", Map.of());
            }
          });
    }
  }

  /** Describes itself differently each time. */
  public static final class Forgetful extends Paper {
    @Override
    public EngineDescriptor descriptor() {
      EngineDescriptor whole = super.descriptor();
      return EngineDescriptor.of(whole.engine(), "Paper " + System.nanoTime())
          .series(whole.series().getFirst())
          .port(whole.clientPort())
          .volume(whole.dataVolume())
          .build();
    }
  }

  /** Names an image that is not one. */
  public static final class NoImage extends Paper {
    @Override
    public EngineDescriptor descriptor() {
      return EngineDescriptor.of("paper", "Paper")
          .series(EngineSeries.of("1", "1.0", "2.0", "paper:{version}-{size}"))
          .port(new Port("paper", 1, true))
          .volume(new Volume("data", Volume.Purpose.DATA, true))
          .build();
    }
  }

  /** Has nowhere to put its data. */
  public static final class NoVolume extends Paper {
    @Override
    public EngineDescriptor descriptor() {
      return EngineDescriptor.of("paper", "Paper")
          .series(EngineSeries.of("1", "1.0", "2.0", "paper:{version}"))
          .port(new Port("paper", 1, true))
          .build();
    }
  }

  /** A default out of its range. */
  public static final class WrongDefault extends Paper {
    @Override
    public ParameterCatalog parameters(EngineVersion version) {
      return ParameterCatalog.of(
          List.of(
              Parameter.named("pages", ParameterType.INTEGER)
                  .range(Parameter.Range.between(1, 100))
                  .defaultValue("0")
                  .describe("How many pages there are.")));
    }
  }

  /** Writes the time into the configuration. */
  public static final class Dated extends Paper {
    @Override
    protected String text(ConfigInput input) {
      return super.text(input) + "# " + System.nanoTime() + "\n";
    }
  }

  /** Writes numbers as they are written where it runs. */
  public static final class Local extends Paper {
    @Override
    protected String text(ConfigInput input) {
      return super.text(input) + "ordinal = %d\n".formatted(input.instance().peers().size());
    }
  }

  /** Takes a parameter and does nothing with it. */
  public static final class Deaf extends Paper {
    @Override
    protected String text(ConfigInput input) {
      return super.text(input).replaceAll("pages = .*\n", "");
    }
  }

  /** Takes any size for enough. */
  public static final class Greedy extends Paper {
    @Override
    public ConfigRenderer config() {
      ConfigRenderer careful = super.config();
      return new ConfigRenderer() {
        @Override
        public List<Problem> check(ConfigInput input) {
          return List.of();
        }

        @Override
        public List<ConfigFile> render(ConfigInput input) {
          return careful.render(input);
        }
      };
    }
  }

  /** Leaves a thread behind with each use. */
  public static final class Busy extends Paper {
    @Override
    public List<TopologyManager<?, ?>> topologies(RuntimeContext context) {
      Thread.ofPlatform().daemon().name("busy").start(() -> LockSupport.parkNanos(5_000_000_000L));
      return super.topologies(context);
    }
  }

  /** Paper with another life cycle. */
  public static final class WithLifecycle extends Paper {
    private final Function<AgentContext, EngineLifecycle> lifecycle;

    WithLifecycle(Function<AgentContext, EngineLifecycle> lifecycle) {
      this.lifecycle = lifecycle;
    }

    @Override
    public EngineLifecycle lifecycle(AgentContext context) {
      return lifecycle.apply(context);
    }
  }

  /** Gives the password as an argument. */
  private static final class Open extends PaperLifecycle {
    private final AgentContext context;

    Open(AgentContext context) {
      this.context = context;
    }

    @Override
    public ProcessSpec start(Instance instance) {
      String password = context.accounts().password("writer").orElseThrow().reveal();
      return new ProcessSpec(
          List.of("paper", "--password=" + password), Map.of(), instance.layout().data());
    }
  }

  /** Takes longer than it may. */
  private static final class Slow extends PaperLifecycle {
    @Override
    public StopRequest stop(Instance instance, Duration budget) {
      return new StopRequest(StopRequest.Signal.TERM, budget.plusSeconds(1));
    }
  }

  /** Takes an engine that is away for one that is there. */
  private static final class Hopeful extends PaperLifecycle {
    @Override
    public Health probe(Instance instance) {
      return Health.notReady("soon");
    }
  }

  /** Paper with another topology. */
  public static final class WithTopology extends Paper {
    private final PaperPair pair;

    WithTopology(PaperPair pair) {
      this.pair = pair;
    }

    @Override
    public List<TopologyManager<?, ?>> topologies(RuntimeContext context) {
      return List.of(pair);
    }
  }

  /** A plural that is none. */
  private static final class Misnamed extends PaperPair {
    @Override
    public TopologyDescriptor<PairSpec> descriptor() {
      TopologyDescriptor<PairSpec> good = super.descriptor();
      return new TopologyDescriptor<>(
          good.kind(),
          "Paper Pairs",
          good.shortName(),
          good.spec(),
          good.labelPrefix(),
          good.roles(),
          good.columns());
    }
  }

  /** Refuses what its documentation shows. */
  private static final class Strict extends PaperPair {
    @Override
    public List<Problem> validate(PairSpec spec) {
      return List.of(new Problem("spec.original.name", spec.original().name(), "another one"));
    }
  }

  /** Fails on a spec that is odd. */
  private static final class Fragile extends PaperPair {
    @Override
    public List<Problem> validate(PairSpec spec) {
      spec.copies().getFirst();
      return super.validate(spec);
    }
  }

  /** Decides differently each time. */
  private static final class Fickle extends PaperPair {
    @Override
    public Decision decide(PairSpec spec, Pages observed, Memory memory) {
      return new Decision.Perform(new Step("copy", "b", Map.of(), "" + System.nanoTime()));
    }
  }

  /** Does not say anything of the copies. */
  private static final class Silent extends PaperPair {
    @Override
    public TopologyReport report(PairSpec spec, Pages observed, Memory memory) {
      TopologyReport whole = super.report(spec, observed, memory);
      return new TopologyReport(whole.nodes().subList(0, 1), whole.ready(), whole.message());
    }
  }

  /** Sends writes where the spec says, whether that is there or not. */
  private static final class Wishful extends PaperPair {
    @Override
    public TopologyReport report(PairSpec spec, Pages observed, Memory memory) {
      TopologyReport whole = super.report(spec, observed, memory);
      return new TopologyReport(
          whole.nodes().stream()
              .map(node ->
                  new NodeReport(
                      node.name(),
                      node.role(),
                      node.ready(),
                      node.problem(),
                      OptionalLong.empty(),
                      "",
                      Optional.of(NodeReport.Route.READWRITE),
                      Map.of()))
              .toList(),
          whole.ready(),
          whole.message());
    }
  }

  /** Serves no mode. */
  private static final class Unhelpful extends PaperPair {
    @Override
    public Optional<PairSpec> specFor(SetView set, Optional<PairSpec> current) {
      return Optional.empty();
    }
  }
}
