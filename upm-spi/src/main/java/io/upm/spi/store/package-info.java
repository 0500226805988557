/** Object stores, which backups go to. */
@org.jspecify.annotations.NullMarked
package io.upm.spi.store;
