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
 * @param restart whether the engine is to be restarted when only that puts its configuration in
 *     force
 */
public record DesiredAgent(
    String document, long revision, Optional<Engine> engine, boolean restart) {
  public DesiredAgent(String document, long revision, Optional<Engine> engine) {
    this(document, revision, engine, false);
  }
}
