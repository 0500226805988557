/** One database instance, seen by the agent that runs beside it. */
@org.jspecify.annotations.NullMarked
package io.upm.spi.instance;
