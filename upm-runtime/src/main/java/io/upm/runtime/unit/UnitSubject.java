package io.upm.runtime.unit;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.runtime.api.Unit;
import io.upm.runtime.engine.Engine;
import io.upm.spi.engine.EngineVersion;
import java.util.Map;

/**
 * A Unit whose engine can be served.
 *
 * @param unit the Unit
 * @param container its engine's container
 * @param engine its engine
 * @param version its version, which the engine serves
 * @param parameters values of its parameters from all sources, as written
 * @param ports port numbers of the shared configuration by name
 */
public record UnitSubject(
    Unit unit,
    EngineContainer container,
    Engine engine,
    EngineVersion version,
    Map<String, JsonNode> parameters,
    Map<String, Integer> ports) {}
