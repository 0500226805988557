/** The host's loop for topology kinds that plugins declare. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.topology;
