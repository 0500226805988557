/** What the agent tells about its instance. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.report;
