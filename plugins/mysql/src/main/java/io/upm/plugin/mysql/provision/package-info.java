/** Databases and users of applications in a server that runs. */
@org.jspecify.annotations.NullMarked
package io.upm.plugin.mysql.provision;
