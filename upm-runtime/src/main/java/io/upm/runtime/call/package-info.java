/** Calls: what a user wants done beside a database, once; from the wish to the agent and back. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.call;
