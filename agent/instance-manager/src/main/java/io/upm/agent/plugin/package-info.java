/** Plugins: those kept on the data volume, and the one in use. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.plugin;
