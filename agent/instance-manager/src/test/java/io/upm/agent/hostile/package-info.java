/** One who holds the runtime's certificate and keeps to nothing else. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.hostile;
