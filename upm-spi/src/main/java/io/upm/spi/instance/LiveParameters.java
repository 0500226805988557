package io.upm.spi.instance;

import io.upm.spi.config.ParameterChange;
import java.nio.file.Path;
import java.util.List;

/**
 * The parameters of an engine while it runs. Configurations are directories, laid out as in {@link
 * Layout#config()}. Called by the agent, one call at a time for each instance.
 */
public interface LiveParameters {
  /**
   * How two rendered configurations differ. Reads their files and asks nobody.
   *
   * @return every difference that the engine would notice, by name
   */
  List<ParameterChange> changes(Instance instance, Path before, Path after);

  /**
   * Gives a running engine the values {@link ParameterChange#after}: all of them, or none. May be
   * called again with what was given already.
   *
   * @param changes of {@link io.upm.spi.config.Impact#DYNAMIC} only
   * @throws io.upm.spi.PluginException of kind USER when the engine refuses one and all have the
   *     values they had, with the reason; of another kind when it isn't known which values they
   *     have
   */
  void apply(Instance instance, List<ParameterChange> changes);

  /**
   * What the running engine does differently because somebody changed it there, beside its
   * configuration.
   *
   * @param configuration the one that it was given last
   * @return a sentence for each parameter: what it is, what it should be, how to take it back
   * @throws io.upm.spi.PluginException of kind RETRYABLE when the engine can't be asked
   */
  List<String> drift(Instance instance, Path configuration);
}
