/** Talking to a MySQL server, and the values that it speaks in. */
@org.jspecify.annotations.NullMarked
package io.upm.plugin.mysql.client;
