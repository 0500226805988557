/** The contract that every plugin keeps, as tests that a plugin's own build runs. */
@org.jspecify.annotations.NullMarked
package io.upm.testkit;
