package io.upm.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.upm.runtime.admission.Review;
import io.upm.runtime.engine.ImageOverrides;
import io.upm.runtime.engine.PluginDirectory;
import io.upm.runtime.plugin.InstalledPlugins;
import io.upm.runtime.plugin.PluginTrust;
import io.upm.runtime.testing.Manifests;
import io.upm.spi.Problem;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that doesn't lead has its own copy of each plugin, and admits objects, too. */
@Tag("side-by-side")
class SecondReplicaIT {
  @TempDir private Path root;

  @Test
  void admitsWhatThePluginServesThatTheOtherReplicaHasJustSaidToServe() throws Exception {
    Path other = root.resolve("other");
    try (var scene = PluginScene.ofToy(root, "1.0.0");
        var plugins =
            new PluginDirectory(
                other.resolve("built-in"), other.resolve("work"), ImageOverrides.NONE);
        var second = replica(scene, plugins, other)) {
      second.start();
      var review =
          new Review(
              Manifests.SERIALIZATION, plugins, (kind, spec) -> Optional.empty(), second::catchUp);
      assertThat(review.problems(request()))
          .extracting(Problem::field)
          .as("no plugin is installed")
          .contains("spec.type");

      scene.install("1.0.0");
      scene
          .object()
          .waitUntilCondition(
              plugin ->
                  plugin != null
                      && plugin.getStatus() != null
                      && plugin.getStatus().digest() != null,
              1,
              TimeUnit.MINUTES);

      assertThat(review.problems(request())).extracting(Problem::field).doesNotContain("spec.type");
    }
  }

  private static InstalledPlugins replica(PluginScene scene, PluginDirectory plugins, Path folder) {
    var registry = new SimpleMeterRegistry();
    return new InstalledPlugins(
        new InstalledPlugins.Parts(
            scene.cluster().client(),
            plugins,
            scene.settings(folder, PluginTrust.DEFAULT),
            new RuntimeMetrics(registry),
            Clock.systemUTC(),
            registry));
  }

  private static ObjectNode request() {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.putObject("kind").put("kind", "UnitSet");
    request.set("object", Manifests.tree(Manifests.SET, "spec/type=toy", "spec/version='1'"));
    return request;
  }
}
