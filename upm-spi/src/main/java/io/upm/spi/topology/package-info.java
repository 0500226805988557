/** Replication and cluster management: observe, decide, act, report. */
@org.jspecify.annotations.NullMarked
package io.upm.spi.topology;
