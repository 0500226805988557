/** Kinds of other products, which may be installed beside UPM or not. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.addon;
