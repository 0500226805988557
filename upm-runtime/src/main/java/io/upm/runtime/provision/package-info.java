/** Databases and users inside engines: kept as objects declare them, by calls. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.provision;
