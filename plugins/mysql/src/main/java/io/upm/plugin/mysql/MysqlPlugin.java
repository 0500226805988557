package io.upm.plugin.mysql;

import io.upm.plugin.mysql.action.CheckData;
import io.upm.plugin.mysql.action.GtidPurge;
import io.upm.plugin.mysql.action.SetVariable;
import io.upm.plugin.mysql.agent.MysqlLifecycle;
import io.upm.plugin.mysql.backup.BinlogBackup;
import io.upm.plugin.mysql.backup.CloneUnit;
import io.upm.plugin.mysql.backup.DiscardBackup;
import io.upm.plugin.mysql.backup.DiscardReplaced;
import io.upm.plugin.mysql.backup.LogicalBackup;
import io.upm.plugin.mysql.backup.PhysicalBackup;
import io.upm.plugin.mysql.backup.Restore;
import io.upm.plugin.mysql.backup.RestoreDatabase;
import io.upm.plugin.mysql.backup.Verify;
import io.upm.plugin.mysql.config.MysqlConfig;
import io.upm.plugin.mysql.config.MysqlParameters;
import io.upm.plugin.mysql.provision.ApplyDatabase;
import io.upm.plugin.mysql.provision.ApplyUser;
import io.upm.plugin.mysql.provision.DropDatabase;
import io.upm.plugin.mysql.provision.DropUser;
import io.upm.plugin.mysql.topology.MysqlReplication;
import io.upm.spi.EnginePlugin;
import io.upm.spi.RuntimeContext;
import io.upm.spi.action.AgentAction;
import io.upm.spi.config.ConfigRenderer;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.topology.TopologyManager;
import java.util.List;

/** MySQL 8.0, 8.4 and 9.x. */
public final class MysqlPlugin implements EnginePlugin {
  private final MysqlConfig config = new MysqlConfig();

  @Override
  public EngineDescriptor descriptor() {
    return MysqlEngine.DESCRIPTOR;
  }

  @Override
  public ParameterCatalog parameters(EngineVersion version) {
    return MysqlParameters.of(version);
  }

  @Override
  public ConfigRenderer config() {
    return config;
  }

  @Override
  public EngineLifecycle lifecycle(AgentContext context) {
    return new MysqlLifecycle(context);
  }

  @Override
  public List<AgentAction<?>> actions(AgentContext context) {
    return List.of(
        new SetVariable(),
        new GtidPurge(),
        new LogicalBackup(context.clock()),
        new PhysicalBackup(context.clock()),
        new BinlogBackup(context.clock()),
        new Verify(),
        new CheckData(),
        new Restore(context.clock()),
        new CloneUnit(context.clock()),
        new RestoreDatabase(),
        new DiscardReplaced(),
        new DiscardBackup(),
        new ApplyDatabase(),
        new DropDatabase(),
        new ApplyUser(),
        new DropUser());
  }

  @Override
  public List<TopologyManager<?, ?>> topologies(RuntimeContext context) {
    return List.of(new MysqlReplication());
  }
}
