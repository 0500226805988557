/** The tree that the agent runs from, and its change for another one. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.tree;
