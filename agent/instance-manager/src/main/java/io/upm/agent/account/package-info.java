/** Passwords of the engine's accounts: those of the Secret, and those that the engine takes. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.account;
