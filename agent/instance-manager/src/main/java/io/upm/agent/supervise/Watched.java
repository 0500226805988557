package io.upm.agent.supervise;

import io.upm.agent.engine.EngineRun;

/**
 * A running engine and how to probe it.
 *
 * @param target who knows how
 * @param run which run it is
 */
record Watched(Target target, EngineRun run) {}
