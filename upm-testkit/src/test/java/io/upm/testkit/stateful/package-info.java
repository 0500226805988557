/** Plugins that do not keep the contract, each in one way. */
@org.jspecify.annotations.NullMarked
package io.upm.testkit.stateful;
