/** Decides and does the next step with the engine. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.supervise;
