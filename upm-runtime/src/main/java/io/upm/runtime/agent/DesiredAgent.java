package io.upm.runtime.agent;

import io.upm.runtime.engine.Engine;
import java.util.Optional;

/**
 * What an agent should have.
 *
 * @param document instance document as JSON
 * @param revision its revision
 * @param engine plugin to push and activate; empty while there is none, and the agent keeps the one
 *     it has
 */
public record DesiredAgent(String document, long revision, Optional<Engine> engine) {}
