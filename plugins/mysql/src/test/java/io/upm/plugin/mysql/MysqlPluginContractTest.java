package io.upm.plugin.mysql;

import io.upm.spi.EnginePlugin;
import io.upm.testkit.EnginePluginContract;
import java.util.List;

class MysqlPluginContractTest extends EnginePluginContract {
  @Override
  public EnginePlugin plugin() {
    return new MysqlPlugin();
  }

  @Override
  public List<String> documentedManifests() {
    return List.of(Documented.semiSynchronous());
  }
}
