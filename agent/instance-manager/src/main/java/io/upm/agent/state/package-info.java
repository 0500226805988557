/** What the agent keeps on the data volume. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.state;
