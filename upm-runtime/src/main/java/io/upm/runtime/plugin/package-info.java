/** Plugin objects: from a source, by digest and signature, to the build that serves. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.plugin;
