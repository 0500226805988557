package io.upm.runtime.unit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.upm.runtime.api.Unit;
import io.upm.runtime.testing.AcmeEngine;
import io.upm.runtime.testing.Manifests;
import io.upm.runtime.unitset.SetPlan;
import io.upm.runtime.unitset.UnitObjects;
import io.upm.spi.engine.EngineVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The whole Pod, byte for byte: {@code -Dupm.golden.update=true} writes it anew. */
class PodObjectsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @Test
  void putsTheAgentIntoTheContainerOfASetsUnit() throws IOException {
    var plan =
        new SetPlan(
            Manifests.set(
                "spec/edition=community",
                "spec/emptyDir=[{name: log, mountPath: /LOG_MOUNT, size: 1Gi}]",
                "spec/secret/cipher={name: aes, key: AES_SECRET_KEY}",
                "spec/certificateSecret={name: tls, organization: acme}",
                "spec/podAntiAffinityPreset=soft",
                "spec/nodeAffinityPreset=[{key: disk, values: [ssd]}]",
                "spec/extraVolume=[{volume: {name: x, configMap: {name: c}}, volumeMountPath: /X}]"),
            new AcmeEngine(),
            EngineVersion.parse("1.2.3"),
            new TreeMap<>());
    Unit unit = UnitObjects.fresh(plan, 0);
    unit.getMetadata().setUid("unit-uid");

    compare("set-pod.yaml", pod(unit, Optional.empty()));
  }

  @Test
  void keepsWhatAUserWroteByHand() throws IOException {
    Unit unit =
        Manifests.unit(
            UnitViews.BY_HAND,
            "spec/template/metadata={labels: {a: b}}",
            "spec/template/spec/terminationGracePeriodSeconds=60",
            "spec/template/spec/securityContext={runAsUser: 27}",
            "spec/template/spec/containers/0/livenessProbe={tcpSocket: {port: 7000}}",
            "spec/template/spec/containers/0/securityContext={readOnlyRootFilesystem: false}",
            "spec/template/spec/containers/+={name: exporter, image: 'exporter:1'}");

    compare("hand-made-pod.yaml", pod(unit, Optional.of("node-a")));
  }

  @Test
  void hasTheSameHashHoweverItIsWritten() {
    Unit one = Manifests.unit(UnitViews.BY_HAND);
    Unit other = Manifests.SERIALIZATION.clone(one);

    assertThat(PodObjects.templateHash(other)).isEqualTo(PodObjects.templateHash(one));
    assertThat(
            PodObjects.templateHash(
                Manifests.unit(UnitViews.BY_HAND, "spec/template/spec/priority=1")))
        .isNotEqualTo(PodObjects.templateHash(one));
  }

  private static Pod pod(Unit unit, Optional<String> node) {
    return PodObjects.pod(
        unit,
        EngineContainer.of(unit).orElseThrow(),
        new PodSettings("upm-agent:1", 1999, "/DATA_MOUNT", node));
  }

  private static void compare(String file, Pod pod) throws IOException {
    String text = Manifests.SERIALIZATION.asYaml(pod);
    Path golden = GOLDEN.resolve(file);
    if (Boolean.getBoolean("upm.golden.update")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, text, StandardCharsets.UTF_8);
    }
    assertThat(text).isEqualTo(Files.readString(golden));
  }
}
