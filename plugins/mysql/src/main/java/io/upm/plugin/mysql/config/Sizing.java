package io.upm.plugin.mysql.config;

import static io.upm.plugin.mysql.config.MemoryPlan.GIB;
import static io.upm.plugin.mysql.config.MemoryPlan.MIB;

import io.upm.spi.Problem;
import io.upm.spi.config.Parameter;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Limits;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Values for parameters that depend on a unit's memory and cores. What the user has set stays as it
 * is, and the rest is sized around it.
 */
final class Sizing {
  private static final Set<String> TRUE = Set.of("on", "1", "true");
  private static final String POOL = "innodb_buffer_pool_size";
  private static final String CONNECTIONS = "max_connections";

  private final EngineVersion version;
  private final Map<String, String> set;
  private final long memory;
  private final int cores;
  private final MemoryPlan plan;

  Sizing(EngineVersion version, Limits limits, Map<String, String> set) {
    this.version = version;
    this.set = set;
    this.memory = MemoryPlan.memory(limits);
    this.cores = limits.cpuMillis() == 0 ? 2 : (int) Math.ceilDiv(limits.cpuMillis(), 1000L);
    this.plan =
        MemoryPlan.of(
            version,
            limits,
            new MemoryPlan.Wishes(
                connections(),
                instrumented(),
                temporary(),
                number("replica_pending_jobs_size_max", pending())));
  }

  /** Every sized value, by parameter, in the order of the file; none that the user has set. */
  Map<String, String> values() {
    var values = new LinkedHashMap<String, String>();
    memory(values);
    redo(values);
    threads(values);
    values.keySet().removeAll(set.keySet());
    return values;
  }

  /** What does not fit into the memory limit. */
  List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    long fits = plan.bufferPool();
    if (fits < MemoryPlan.LEAST_BUFFER_POOL) {
      problems.add(tooLittle());
    } else if (set.containsKey(POOL) && bufferPool() > fits) {
      problems.add(
          new Problem(
              "spec.parameters." + POOL,
              set.getOrDefault(POOL, ""),
              "at most %d MiB with a memory limit of %d MiB".formatted(fits / MIB, memory / MIB)));
    }
    return problems;
  }

  private Problem tooLittle() {
    return set.containsKey(CONNECTIONS)
        ? new Problem(
            "spec.parameters." + CONNECTIONS,
            set.getOrDefault(CONNECTIONS, ""),
            "at most %d with a memory limit of %d MiB"
                .formatted(Math.max(1, plan.mostConnections()), memory / MIB))
        : new Problem(
            "spec.resources.limits.memory",
            memory / MIB + "Mi",
            "%d MiB more, or smaller values for the parameters that take memory"
                .formatted(Math.ceilDiv(MemoryPlan.LEAST_BUFFER_POOL - plan.bufferPool(), MIB)));
  }

  private void memory(Map<String, String> values) {
    long pool = bufferPool();
    values.put(POOL, String.valueOf(pool));
    values.put("innodb_buffer_pool_instances", String.valueOf(instances(pool)));
    values.put("innodb_buffer_pool_chunk_size", String.valueOf(chunk(pool)));
    values.put("innodb_log_buffer_size", String.valueOf(clamp(memory / 64, 4 * MIB, 64 * MIB)));
    values.put(CONNECTIONS, String.valueOf(connections()));
    values.put("thread_cache_size", String.valueOf(Math.min(100, 8 + connections() / 100)));
    long tables = clamp(2 * connections() + 200, 400, 4000);
    values.put("table_open_cache", String.valueOf(tables));
    values.put(
        "table_definition_cache", String.valueOf(400 + number("table_open_cache", tables) / 2));
    values.put("temptable_max_ram", String.valueOf(temporary()));
    // A mapped file would be page cache of the container, so within the same limit, only slower.
    values.put("temptable_max_mmap", "0");
    values.put("replica_pending_jobs_size_max", String.valueOf(pending()));
    values.put("performance_schema", instrumented() ? "ON" : "OFF");
  }

  private void redo(Map<String, String> values) {
    long capacity = clamp(bufferPool() / 2 / MIB * MIB, 64 * MIB, 4 * GIB);
    if (version.atLeast("8.0.30")) {
      values.put("innodb_redo_log_capacity", String.valueOf(capacity));
    } else {
      values.put("innodb_log_file_size", String.valueOf(capacity / 2));
    }
    values.put("innodb_flush_method", "O_DIRECT");
  }

  private void threads(Map<String, String> values) {
    values.put("innodb_log_writer_threads", cores >= 4 ? "ON" : "OFF");
    values.put("innodb_page_cleaners", String.valueOf(Math.max(1, instances(bufferPool()))));
    values.put("innodb_purge_threads", String.valueOf(clamp(cores, 1, 4)));
    values.put("innodb_parallel_read_threads", String.valueOf(clamp(cores, 1, 4)));
    if (version.atLeast("8.0.27")) {
      values.put("innodb_ddl_threads", String.valueOf(clamp(cores, 1, 4)));
    }
    values.put("table_open_cache_instances", String.valueOf(clamp(cores, 1, 16)));
    values.put("replica_parallel_workers", String.valueOf(clamp(2L * cores, 2, 16)));
  }

  private long connections() {
    return number(CONNECTIONS, clamp(memory / (8 * MIB), 40, 2000));
  }

  private long temporary() {
    return number("temptable_max_ram", clamp(memory / 32, 16 * MIB, GIB));
  }

  private long pending() {
    return clamp(memory / 32, 16 * MIB, 128 * MIB);
  }

  /** Below 1 GiB its 180 MiB do more good as buffer pool. */
  private boolean instrumented() {
    String wish = set.get("performance_schema");
    return wish == null ? memory >= GIB : TRUE.contains(wish.toLowerCase(Locale.ROOT));
  }

  /** A multiple of chunk size times instances: the server would round any other value up. */
  private long bufferPool() {
    if (set.containsKey(POOL)) {
      return number(POOL, 0);
    }
    long fits = Math.max(plan.bufferPool(), MemoryPlan.LEAST_BUFFER_POOL);
    long step = chunk(fits) * Math.max(1, instances(fits));
    return step > fits ? fits : fits / step * step;
  }

  private long instances(long pool) {
    return number("innodb_buffer_pool_instances", clamp(pool / GIB, 1, 8));
  }

  private long chunk(long pool) {
    return number("innodb_buffer_pool_chunk_size", pool < GIB ? 8 * MIB : 128 * MIB);
  }

  private long number(String name, long otherwise) {
    String value = set.get(name);
    return value == null
        ? otherwise
        : Parameter.bytes(value).map(Sizing::bounded).orElse(otherwise);
  }

  private static long bounded(BigDecimal value) {
    return value.min(BigDecimal.valueOf(1L << 50)).longValue();
  }

  private static long clamp(long value, long least, long most) {
    return Math.max(least, Math.min(most, value));
  }
}
