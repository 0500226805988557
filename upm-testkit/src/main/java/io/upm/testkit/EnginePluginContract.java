package io.upm.testkit;

import io.upm.spi.EnginePlugin;
import org.junit.jupiter.api.extension.ExtendWith;

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
 *
 * <p>With {@value #REPORT} what was found is written to that file, which belongs into the zip, as
 * {@code tck/report.json}: a runtime may ask for it. With {@value #KEY} it is signed.
 */
@ExtendWith(TckRecorder.class)
public abstract class EnginePluginContract
    implements DescriptorContract,
        ConfigContract,
        LifecycleContract,
        MetricsContract,
        ActionContract,
        TopologyContract,
        StateContract,
        PackageContract {
  /** System property with the path of the report; without it none is written. */
  public static final String REPORT = "upm.tck.report";

  /** System property with the path of a private key in PEM; with it the report is signed. */
  public static final String KEY = "upm.tck.key";

  @Override
  public abstract EnginePlugin plugin();
}
