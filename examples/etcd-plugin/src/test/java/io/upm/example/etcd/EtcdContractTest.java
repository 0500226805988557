package io.upm.example.etcd;

import io.upm.spi.EnginePlugin;
import io.upm.testkit.EnginePluginContract;
import io.upm.testkit.crd.TopologyCrd;
import module java.base;
import org.junit.jupiter.api.Test;

/** All that is asked of every plugin. */
class EtcdContractTest extends EnginePluginContract {
  @Override
  public EnginePlugin plugin() {
    return new EtcdPlugin();
  }

  @Override
  public List<String> documentedManifests() {
    return EtcdFiles.doing("read it", () -> List.of(Files.readString(Path.of("etcd-cluster.yaml"))));
  }

  @Test
  void definitionIsWhatTheSpecRecordSays() {
    TopologyCrd.assertUpToDate(Path.of("crds"), new EtcdCluster().descriptor());
  }
}
