/** Definitions of resource kinds: what they accept, and what a new one accepts no longer. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.definition;
