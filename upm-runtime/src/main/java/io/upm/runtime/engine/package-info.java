/** The engines that plugins bring, as the rest of the runtime sees them. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.engine;
