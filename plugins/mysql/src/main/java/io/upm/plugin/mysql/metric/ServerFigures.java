package io.upm.plugin.mysql.metric;

import static io.upm.plugin.mysql.metric.Figure.each;
import static io.upm.plugin.mysql.metric.Figure.of;
import static io.upm.spi.metric.MetricFamily.counter;
import static io.upm.spi.metric.MetricFamily.gauge;

import java.util.List;
import java.util.stream.Stream;

/** The server's own counters and sizes: connections, statements, tables, logs, replication. */
final class ServerFigures {
  private static final String BYTES = "bytes";
  private static final String SECONDS = "seconds";

  /** Of {@code SHOW GLOBAL STATUS}. */
  static final List<Figure> STATUS =
      Stream.of(connections(), statements(), tables(), binaryLog(), semiSync())
          .flatMap(each -> each)
          .toList();

  /** Of {@code SHOW GLOBAL VARIABLES}. */
  static final List<Figure> VARIABLES =
      Stream.of(
              of(
                  gauge("mysql_max_connections", "", "Connections that it takes."),
                  "max_connections"),
              of(
                  gauge("mysql_table_open_cache_size", "", "Tables that the cache holds."),
                  "table_open_cache"),
              of(
                  gauge("mysql_innodb_buffer_pool_size_bytes", BYTES, "Size of the buffer pool."),
                  "innodb_buffer_pool_size"),
              of(gauge("mysql_read_only", "", "Whether ordinary users can't write."), "read_only"),
              of(
                  gauge("mysql_super_read_only", "", "Whether nobody can write."),
                  "super_read_only"))
          .flatMap(each -> each)
          .toList();

  private ServerFigures() {}

  private static Stream<Figure> connections() {
    return Stream.of(
            of(gauge("mysql_uptime_seconds", SECONDS, "How long the server runs."), "uptime"),
            of(
                counter("mysql_connections_total", "", "Attempts to connect, failed ones too."),
                "connections"),
            of(
                counter(
                    "mysql_aborted_clients_total",
                    "",
                    "Connections that ended without a farewell."),
                "aborted_clients"),
            of(
                counter("mysql_aborted_connects_total", "", "Attempts to connect that failed."),
                "aborted_connects"),
            each(
                counter(
                    "mysql_connection_errors_total",
                    "",
                    "Connections that were not taken; max_connections: there were too many.",
                    "error"),
                "connection_errors_",
                "accept",
                "internal",
                "max_connections",
                "peer_address",
                "select",
                "tcpwrap"),
            of(gauge("mysql_threads_connected", "", "Open connections."), "threads_connected"),
            of(
                gauge("mysql_threads_running", "", "Connections that do something."),
                "threads_running"),
            of(gauge("mysql_threads_cached", "", "Threads kept for reuse."), "threads_cached"),
            of(counter("mysql_threads_created_total", "", "Threads started."), "threads_created"),
            of(
                gauge(
                    "mysql_max_used_connections",
                    "",
                    "Most connections at a time since the start."),
                "max_used_connections"),
            of(
                counter("mysql_received_bytes_total", BYTES, "Received from clients."),
                "bytes_received"),
            of(counter("mysql_sent_bytes_total", BYTES, "Sent to clients."), "bytes_sent"))
        .flatMap(each -> each);
  }

  private static Stream<Figure> statements() {
    return Stream.of(
            of(
                counter("mysql_questions_total", "", "Statements that clients have sent."),
                "questions"),
            of(
                counter("mysql_queries_total", "", "Statements, those within stored programs too."),
                "queries"),
            each(
                counter("mysql_commands_total", "", "Statements by kind.", "command"),
                "com_",
                "select",
                "insert",
                "insert_select",
                "update",
                "update_multi",
                "delete",
                "delete_multi",
                "replace",
                "replace_select",
                "load",
                "begin",
                "commit",
                "rollback",
                "call_procedure",
                "stmt_prepare",
                "stmt_execute",
                "set_option",
                "change_db",
                "create_table",
                "alter_table",
                "drop_table",
                "truncate",
                "flush",
                "kill"),
            of(
                counter(
                    "mysql_slow_queries_total",
                    "",
                    "Statements that took longer than long_query_time."),
                "slow_queries"),
            of(
                counter("mysql_select_scans_total", "", "Joins that read their first table whole."),
                "select_scan"),
            of(
                counter("mysql_select_full_joins_total", "", "Joins without an index."),
                "select_full_join"),
            of(
                counter("mysql_sort_merge_passes_total", "", "Sorts that did not fit into memory."),
                "sort_merge_passes"),
            each(
                counter("mysql_handler_calls_total", "", "Calls of storage engines.", "call"),
                "handler_",
                "commit",
                "delete",
                "read_first",
                "read_key",
                "read_next",
                "read_prev",
                "read_rnd",
                "read_rnd_next",
                "rollback",
                "update",
                "write"))
        .flatMap(each -> each);
  }

  private static Stream<Figure> tables() {
    return Stream.of(
            of(
                counter("mysql_temporary_tables_total", "", "Internal temporary tables."),
                "created_tmp_tables"),
            of(
                counter("mysql_temporary_disk_tables_total", "", "Those of them on disk."),
                "created_tmp_disk_tables"),
            of(counter("mysql_temporary_files_total", "", "Temporary files."), "created_tmp_files"),
            of(gauge("mysql_open_tables", "", "Tables in the cache."), "open_tables"),
            of(counter("mysql_opened_tables_total", "", "Tables opened."), "opened_tables"),
            of(
                counter("mysql_table_open_cache_hits_total", "", "Tables found in the cache."),
                "table_open_cache_hits"),
            of(
                counter(
                    "mysql_table_open_cache_misses_total", "", "Tables not found in the cache."),
                "table_open_cache_misses"),
            of(
                counter(
                    "mysql_table_open_cache_overflows_total", "", "Tables that left the cache."),
                "table_open_cache_overflows"),
            of(
                counter("mysql_table_locks_waited_total", "", "Table locks that were waited for."),
                "table_locks_waited"),
            of(gauge("mysql_open_files", "", "Open files."), "open_files"))
        .flatMap(each -> each);
  }

  private static Stream<Figure> binaryLog() {
    return Stream.of(
            of(
                counter("mysql_binlog_cache_use_total", "", "Transactions that used its cache."),
                "binlog_cache_use"),
            of(
                counter(
                    "mysql_binlog_cache_disk_use_total",
                    "",
                    "Transactions too large for its cache."),
                "binlog_cache_disk_use"))
        .flatMap(each -> each);
  }

  private static Stream<Figure> semiSync() {
    return Stream.of(
            of(
                gauge("mysql_semi_sync_source_active", "", "Whether commits wait for replicas."),
                "rpl_semi_sync_source_status"),
            of(
                gauge("mysql_semi_sync_source_clients", "", "Replicas that acknowledge."),
                "rpl_semi_sync_source_clients"),
            of(
                gauge(
                    "mysql_semi_sync_source_wait_sessions",
                    "",
                    "Commits that wait for an acknowledgement."),
                "rpl_semi_sync_source_wait_sessions"),
            of(
                counter(
                    "mysql_semi_sync_source_acknowledged_total",
                    "",
                    "Commits that replicas have acknowledged."),
                "rpl_semi_sync_source_yes_tx"),
            of(
                counter(
                    "mysql_semi_sync_source_unacknowledged_total",
                    "",
                    "Commits that no replica has acknowledged."),
                "rpl_semi_sync_source_no_tx"),
            of(
                gauge("mysql_semi_sync_replica_active", "", "Whether it acknowledges."),
                "rpl_semi_sync_replica_status"))
        .flatMap(each -> each);
  }
}
