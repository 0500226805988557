/** The agent's services over mutual TLS. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.rpc;
