/** What keeps an unloaded plugin in memory, found in a dump of the heap. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.leak;
