/** The instance manager: runs beside one database and keeps it as the instance document says. */
@org.jspecify.annotations.NullMarked
package io.upm.agent;
