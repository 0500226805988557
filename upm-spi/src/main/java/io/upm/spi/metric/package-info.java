/** What an engine tells to monitoring. */
@org.jspecify.annotations.NullMarked
package io.upm.spi.metric;
