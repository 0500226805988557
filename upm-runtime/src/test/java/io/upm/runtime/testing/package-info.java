/** An engine that exists nowhere, and objects of it. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.testing;
