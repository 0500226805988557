/** Talking to the agents of the Units. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.agent;
