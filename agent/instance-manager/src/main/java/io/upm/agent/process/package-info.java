/** Short-lived programs beside the engine. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.process;
