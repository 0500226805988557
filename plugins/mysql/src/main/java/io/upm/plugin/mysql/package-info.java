/** MySQL for UPM: what the engine is, and where its parts are. */
@org.jspecify.annotations.NullMarked
package io.upm.plugin.mysql;
