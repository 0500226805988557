package io.upm.runtime.validation;

import io.upm.runtime.api.UnitSetSpec;
import io.upm.runtime.engine.Engine;
import io.upm.spi.engine.EngineVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A UnitSet that is judged, and what is known about its surroundings.
 *
 * @param name its name
 * @param annotations its annotations
 * @param spec its spec
 * @param engines types that can be served
 * @param engine the engine of its type; empty when there is none
 * @param surroundings what it refers to
 */
public record SetSubject(
    String name,
    Map<String, String> annotations,
    UnitSetSpec spec,
    List<String> engines,
    Optional<Engine> engine,
    Surroundings surroundings) {

  /**
   * What a UnitSet refers to.
   *
   * @param secrets keys with a value of each Secret that is there, by name; empty when nobody
   *     looked, as at admission, where a Secret may still come
   * @param sizes size of each volume that its units have already, by volume name
   */
  public record Surroundings(
      Optional<Map<String, Set<String>>> secrets, Map<String, String> sizes) {
    public static final Surroundings UNKNOWN = new Surroundings(Optional.empty(), Map.of());

    public Surroundings {
      sizes = Map.copyOf(sizes);
    }
  }

  /** Version of the spec, when it is one. */
  public Optional<EngineVersion> version() {
    return EngineVersion.tryParse(spec.version());
  }

  /** Engine and version, when the engine is there and serves the version. */
  public Optional<Served> served() {
    return engine.flatMap(found ->
        version().filter(found.descriptor()::serves).map(version -> new Served(found, version)));
  }

  /** An engine in a version that it serves. */
  public record Served(Engine engine, EngineVersion version) {}

  /** Literal value of an environment variable. */
  public Optional<String> variable(String name) {
    return spec.env().stream()
        .filter(variable -> name.equals(variable.getName()))
        .filter(variable -> variable.getValue() != null && !variable.getValue().isEmpty())
        .map(variable -> variable.getValue())
        .findFirst();
  }
}
