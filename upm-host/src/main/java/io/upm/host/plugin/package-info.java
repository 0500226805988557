/** Loading, calling and unloading of plugins. */
@org.jspecify.annotations.NullMarked
package io.upm.host.plugin;
