/** Logs to the container's standard output. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.log;
