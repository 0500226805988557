/** Beside the database: initialising, starting, stopping and probing one instance. */
@org.jspecify.annotations.NullMarked
package io.upm.plugin.mysql.agent;
