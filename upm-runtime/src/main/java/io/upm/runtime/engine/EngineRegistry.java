package io.upm.runtime.engine;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The engines that can be served right now. Readers never see half a plugin. */
public interface EngineRegistry {
  /** The engine of a {@code spec.type}; empty while no plugin brings it. */
  Optional<Engine> find(String type);

  /**
   * The engine of a type in a version of its plugin.
   *
   * @param pluginVersion empty for the version that serves
   */
  default Optional<Engine> find(String type, String pluginVersion) {
    return find(type)
        .flatMap(engine ->
            pluginVersion.isEmpty() ? Optional.of(engine) : engine.inVersion(pluginVersion));
  }

  /**
   * The engine of a type for one UnitSet: a version that it doesn't name may be a new one, which is
   * tried on some sets first.
   */
  default Optional<Engine> find(String type, String pluginVersion, SetRef set) {
    return find(type, pluginVersion);
  }

  /** As above; without that version the one that serves, which tells so. */
  default Optional<Engine> findOrServing(String type, String pluginVersion, SetRef set) {
    return find(type, pluginVersion, set).or(() -> find(type));
  }

  /** As {@link #find(String, String)}; without that version the one that serves, which tells so. */
  default Optional<Engine> findOrServing(String type, String pluginVersion) {
    return find(type, pluginVersion).or(() -> find(type));
  }

  List<Engine> all();

  /** Calls the listener with the engine's name whenever a plugin comes, changes or goes. */
  void onChange(Consumer<String> listener);
}
