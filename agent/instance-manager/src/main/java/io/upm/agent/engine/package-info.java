/** The engine's process, which is not the agent's child. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.engine;
