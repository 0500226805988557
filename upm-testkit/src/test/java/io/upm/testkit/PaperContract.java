package io.upm.testkit;

import io.upm.spi.EnginePlugin;
import io.upm.spi.topology.Reading;
import io.upm.spi.topology.TopologyManager;
import io.upm.testkit.paper.Paper;
import io.upm.testkit.paper.PaperPair;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The contract with whatever plugin a test wants to try it on; no test by its name. */
class PaperContract extends EnginePluginContract {
  static final String MANIFEST =
      """
      apiVersion: upm.syntropycloud.io/v1alpha1
      kind: PaperPair
      metadata:
        name: pair
      spec:
        original: {name: a, host: a.example, port: 4711}
        copies:
          - {name: b, host: b.example, port: 4711}
        secret:
          name: passwords
      """;

  static Supplier<EnginePlugin> subject = Paper::new;

  @Override
  public EnginePlugin plugin() {
    return subject.get();
  }

  @Override
  public List<String> documentedManifests() {
    return List.of(MANIFEST);
  }

  @Override
  public List<?> observations(TopologyManager<?, ?> manager, Record spec) {
    var three = Reading.of(3, Samples.NOW);
    return List.of(
        new PaperPair.Pages(Map.of("a", three, "b", three), Samples.NOW),
        new PaperPair.Pages(Map.of("a", three, "b", Reading.of(2, Samples.NOW)), Samples.NOW),
        new PaperPair.Pages(
            Map.of("a", three, "b", Reading.unknown(Samples.NOW, "away")), Samples.NOW));
  }
}
