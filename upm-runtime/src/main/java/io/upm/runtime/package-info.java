/** The runtime's process: how its parts are put together. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime;
