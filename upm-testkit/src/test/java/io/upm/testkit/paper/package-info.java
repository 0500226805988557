/** A small engine that exists on paper, to try the test kit on. */
@org.jspecify.annotations.NullMarked
package io.upm.testkit.paper;
