package io.upm.testkit;

import io.upm.spi.EnginePlugin;

/**
 * What every plugin has to keep to. A plugin's tests extend this class, once, and say which plugin
 * it is about:
 *
 * <pre>{@code
 * class MyEngineContractTest extends EnginePluginContract {
 *   @Override
 *   public EnginePlugin plugin() {
 *     return new MyEnginePlugin();
 *   }
 * }
 * }</pre>
 *
 * <p>With the system property {@value PackageContract#ZIP} the packaged plugin is tried too; as the
 * zip is there only after {@code package}, let the failsafe plugin run the class a second time.
 */
public abstract class EnginePluginContract
    implements DescriptorContract,
        ConfigContract,
        LifecycleContract,
        TopologyContract,
        StateContract,
        PackageContract {
  @Override
  public abstract EnginePlugin plugin();
}
