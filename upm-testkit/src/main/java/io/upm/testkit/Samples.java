package io.upm.testkit;

import io.upm.spi.Password;
import io.upm.spi.RuntimeContext;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Limits;
import io.upm.spi.engine.Mode;
import io.upm.spi.engine.Port;
import io.upm.spi.engine.Volume;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.Layout;
import io.upm.spi.instance.Peer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Instances, contexts and sizes that a contract tries a plugin with. */
final class Samples {
  /** Password of every account; nothing that a plugin hands out may hold it. */
  static final String SECRET = "s3cret-that-must-not-show";

  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  /** Reserved for a service that no machine offers any more. */
  static final int CLOSED_PORT = 1;

  private static final long GIB = 1L << 30;
  private static final int UNITS = 3;

  private Samples() {}

  static RuntimeContext runtimeContext() {
    return () -> Clock.fixed(NOW, ZoneOffset.UTC);
  }

  static AgentContext agentContext() {
    return new IdleAgent(user -> Optional.of(Password.of(SECRET)));
  }

  /**
   * Sizes that a plugin has to render for: its least, some usual ones, a large one, and no limit.
   */
  static List<Limits> sizes(EngineDescriptor descriptor) {
    Limits least = descriptor.minimum();
    return List.of(
            least,
            new Limits(Math.max(2 * least.memoryBytes(), GIB), Math.max(least.cpuMillis(), 1000)),
            new Limits(4 * GIB, 2000),
            new Limits(3 * GIB + 1, 1),
            new Limits(512 * GIB, 128_000),
            Limits.NONE)
        .stream()
        .filter(limits -> limits.covers(least))
        .toList();
  }

  /** Fewest units of a mode, or three. */
  static int units(Mode mode) {
    return Math.max(mode.minimumUnits(), UNITS);
  }

  static Mode standalone() {
    return new Mode("", 1, "", "On its own.");
  }

  static Instance instance(
      EngineDescriptor descriptor, EngineVersion version, Mode mode, Limits limits, Place place) {
    Map<String, Path> volumes =
        descriptor.volumes().stream()
            .collect(Collectors.toMap(Volume::name, volume -> place.root.resolve(volume.name())));
    Path data = place.root.resolve(descriptor.dataVolume().name());
    return new Instance(
        new Instance.Identity(
            "default", "demo", "demo-" + place.ordinal, place.ordinal, host(place.ordinal)),
        version,
        mode.name(),
        limits,
        new Layout(data, data.resolve("conf"), place.root.resolve("run"), volumes),
        place.settings,
        descriptor.ports().stream().collect(Collectors.toMap(Port::name, Port::number)),
        IntStream.range(0, units(mode))
            .mapToObj(ordinal -> new Peer("demo-" + ordinal, ordinal, host(ordinal)))
            .toList());
  }

  /** The same instance on a port that nothing listens on, whatever runs on this machine. */
  static Instance behindClosedPorts(Instance instance) {
    return new Instance(
        instance.identity(),
        instance.version(),
        instance.mode(),
        instance.limits(),
        instance.layout(),
        instance.settings(),
        instance.ports().keySet().stream()
            .collect(Collectors.toMap(Function.identity(), name -> CLOSED_PORT)),
        instance.peers());
  }

  static String host(int ordinal) {
    return "demo-%d.demo-headless-svc.default.svc".formatted(ordinal);
  }

  /**
   * Where an instance is.
   *
   * @param ordinal its number in the set
   * @param root directory under which its volumes are
   * @param settings environment variables of its set
   */
  record Place(int ordinal, Path root, Map<String, String> settings) {
    /** For what is pure, and never looks at the directory. */
    static Place nowhere(int ordinal, Map<String, String> settings) {
      return new Place(ordinal, Path.of("/upm"), settings);
    }
  }

  /** An instance of each version, of an engine that doesn't run. */
  static List<Instance> absentEngines(PluginUnderTest subject, Path root) {
    EngineDescriptor descriptor = subject.plugin().descriptor();
    Mode mode = descriptor.modes().isEmpty() ? standalone() : descriptor.modes().getFirst();
    Limits limits = new Limits(4 * GIB, 2000);
    var place = new Place(0, root, subject.settings());
    return subject.versions().stream()
        .map((EngineVersion version) -> instance(descriptor, version, mode, limits, place))
        .map(Samples::behindClosedPorts)
        .toList();
  }
}
