package io.upm.example.etcd;

import io.upm.spi.*;
import io.upm.spi.action.AgentAction;
import io.upm.spi.config.*;
import io.upm.spi.engine.*;
import io.upm.spi.instance.*;
import io.upm.spi.topology.TopologyManager;
import module java.base;

/** What the host asks first: what etcd is, and who does what. */
public final class EtcdPlugin implements EnginePlugin {
  static final Port CLIENT = new Port("client", 2379, true);
  static final Port PEER = new Port("peer", 2380, false);
  static final String CLUSTER = "cluster";
  static final Limits MINIMUM = new Limits(256L << 20, 100);

  @Override
  public EngineDescriptor descriptor() {
    return EngineDescriptor.of("etcd", "etcd")
        .series(EngineSeries.of("3.6", "3.6.0", "3.7", "etcd:v{version}"))
        .port(CLIENT)
        .port(PEER)
        .volume(new Volume("data", Volume.Purpose.DATA, true))
        .mode(new Mode(CLUSTER, 1, EtcdCluster.KIND, "Members of one cluster; 3 or 5 outlive one or two."))
        .minimum(MINIMUM)
        .build();
  }

  @Override
  public ParameterCatalog parameters(EngineVersion version) {
    return EtcdConfig.PARAMETERS;
  }

  @Override
  public ConfigRenderer config() {
    return new EtcdConfig();
  }

  @Override
  public EngineLifecycle lifecycle(AgentContext context) {
    return new EtcdLifecycle();
  }

  @Override
  public List<AgentAction<?>> actions(AgentContext context) {
    return List.of(EtcdSnapshots.SAVE, EtcdSnapshots.RESTORE);
  }

  @Override
  public List<TopologyManager<?, ?>> topologies(RuntimeContext context) {
    return List.of(new EtcdCluster());
  }
}
