/**
 * The command line tool {@code upm}. What it shows it reads from the API server: status written by
 * the controllers, never the databases themselves.
 *
 * <pre>ClusterReader (I/O) → Snapshot → StatusAssembly (pure) → StatusView → StatusText (pure)
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.cli;
