/** What an engine is: versions, ports, volumes, accounts, modes. */
@org.jspecify.annotations.NullMarked
package io.upm.spi.engine;
