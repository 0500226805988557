/** Variables of a server that runs, and how they relate to its option file. */
@org.jspecify.annotations.NullMarked
package io.upm.plugin.mysql.variable;
