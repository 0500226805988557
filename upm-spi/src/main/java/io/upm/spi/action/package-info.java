/** Actions that the agent runs beside the database. */
@org.jspecify.annotations.NullMarked
package io.upm.spi.action;
