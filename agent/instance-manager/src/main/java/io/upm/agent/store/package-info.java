/** Object stores, reached by a program that carries the data: they never pass through the agent. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.store;
