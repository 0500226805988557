/** Backups: made by calls, kept in sight of when those and their database are gone, removed. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.backup;
