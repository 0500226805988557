/** Probes and metrics over plain HTTP. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.http;
