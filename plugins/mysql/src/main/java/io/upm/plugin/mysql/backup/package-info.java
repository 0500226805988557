/** Backups in object stores, and what comes out of them again. */
@org.jspecify.annotations.NullMarked
package io.upm.plugin.mysql.backup;
