package io.upm.plugin.mysql.config;

import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Limits;

/**
 * How the memory limit of a unit is shared out, in bytes. What is left after everything else goes
 * to the buffer pool.
 *
 * <p>The constants are anonymous memory measured on 8.0.33 and 9.7.4 with the rendered
 * configuration, a full buffer pool and every connection in use, rounded up.
 *
 * @param limit the container's limit
 * @param fixed the agent, and the server without buffer pool and connections
 * @param instrumentation the performance schema
 * @param connections all connections
 * @param temporary temporary tables in memory
 * @param applying changes that a replica holds until they are applied
 */
record MemoryPlan(
    long limit, long fixed, long instrumentation, long connections, long temporary, long applying) {

  static final long MIB = 1L << 20;
  static final long GIB = 1L << 30;

  /** With less, the server spends its time reading pages back. */
  static final long LEAST_BUFFER_POOL = 64 * MIB;

  /** What a unit without a memory limit is sized for. */
  private static final long UNLIMITED = GIB;

  private static final long AGENT = 100 * MIB;
  private static final long INSTRUMENTATION = 180 * MIB;
  private static final long PER_CONNECTION = 600 << 10;

  /** Share of the limit that stays free for large statements, and for what the kernel counts. */
  private static final int HEADROOM_PERCENT = 5;

  /** The pool itself and what InnoDB keeps about each of its pages. */
  private static final int POOL_COST_PERCENT = 107;

  /** What users may change about the plan. */
  record Wishes(long connections, boolean instrumented, long temporary, long applying) {}

  static MemoryPlan of(EngineVersion version, Limits limits, Wishes wishes) {
    return new MemoryPlan(
        memory(limits),
        AGENT + server(version),
        wishes.instrumented() ? INSTRUMENTATION : 0,
        wishes.connections() * PER_CONNECTION,
        wishes.temporary(),
        wishes.applying());
  }

  static long memory(Limits limits) {
    return limits.memoryBytes() == 0 ? UNLIMITED : limits.memoryBytes();
  }

  /** Largest buffer pool that fits; negative when not even the rest does. */
  long bufferPool() {
    long left = limit - headroom() - fixed - instrumentation - connections - temporary - applying;
    return left * 100 / POOL_COST_PERCENT;
  }

  /** How many connections leave the least buffer pool; negative when none do. */
  long mostConnections() {
    long spare = bufferPool() - LEAST_BUFFER_POOL;
    return (connections + spare * POOL_COST_PERCENT / 100) / PER_CONNECTION;
  }

  private long headroom() {
    return limit * HEADROOM_PERCENT / 100;
  }

  private static long server(EngineVersion version) {
    return (version.before("8.4") ? 120 : 190) * MIB;
  }
}
