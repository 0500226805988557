package io.upm.plugin.mysql.metric;

import static io.upm.plugin.mysql.metric.Figure.each;
import static io.upm.plugin.mysql.metric.Figure.of;
import static io.upm.spi.metric.MetricFamily.counter;
import static io.upm.spi.metric.MetricFamily.gauge;

import io.upm.spi.metric.MetricFamily;
import io.upm.spi.metric.MetricSample;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What InnoDB counts. */
final class InnodbFigures {
  private static final String BYTES = "bytes";

  /** Of {@code SHOW GLOBAL STATUS}. */
  static final List<Figure> STATUS =
      Stream.of(bufferPool(), rows(), files(), redo()).flatMap(each -> each).toList();

  /** Of {@code information_schema.innodb_metrics}; on by default. */
  static final List<Figure> COUNTERS =
      Stream.of(
              of(counter("mysql_innodb_deadlocks_total", "", "Deadlocks."), "lock_deadlocks"),
              of(
                  counter("mysql_innodb_lock_timeouts_total", "", "Row locks not got in time."),
                  "lock_timeouts"),
              of(
                  gauge(
                      "mysql_innodb_history_list_length",
                      "",
                      "Changes that purge has yet to clear up."),
                  "trx_rseg_history_len"))
          .flatMap(each -> each)
          .toList();

  static final MetricFamily CHECKPOINT_AGE =
      gauge(
          "mysql_innodb_checkpoint_age_bytes",
          BYTES,
          "Redo that a recovery would read, from 8.0.30 on; close to the capacity, writes wait.");

  static final String CURRENT_LSN = "innodb_redo_log_current_lsn";
  static final String CHECKPOINT_LSN = "innodb_redo_log_checkpoint_lsn";

  private InnodbFigures() {}

  /** What the server tells in two numbers. */
  static Optional<MetricSample> checkpointAge(Map<String, String> status) {
    return Figure.number(status.getOrDefault(CURRENT_LSN, ""))
        .flatMap(current ->
            Figure.number(status.getOrDefault(CHECKPOINT_LSN, ""))
                .map(checkpoint -> CHECKPOINT_AGE.sample(Math.max(0, current - checkpoint))));
  }

  private static Stream<Figure> bufferPool() {
    return Stream.of(
            of(
                gauge("mysql_innodb_buffer_pool_data_bytes", BYTES, "What it holds."),
                "innodb_buffer_pool_bytes_data"),
            of(
                gauge("mysql_innodb_buffer_pool_dirty_bytes", BYTES, "What is not written yet."),
                "innodb_buffer_pool_bytes_dirty"),
            each(
                gauge("mysql_innodb_buffer_pool_pages", "", "Its pages by use.", "use"),
                "innodb_buffer_pool_pages_",
                "data",
                "free",
                "misc"),
            of(
                counter("mysql_innodb_buffer_pool_read_requests_total", "", "Pages asked for."),
                "innodb_buffer_pool_read_requests"),
            of(
                counter("mysql_innodb_buffer_pool_reads_total", "", "Those read from disk."),
                "innodb_buffer_pool_reads"),
            of(
                counter("mysql_innodb_buffer_pool_write_requests_total", "", "Pages written to."),
                "innodb_buffer_pool_write_requests"),
            of(
                counter("mysql_innodb_buffer_pool_flushed_pages_total", "", "Pages flushed."),
                "innodb_buffer_pool_pages_flushed"),
            of(
                counter("mysql_innodb_buffer_pool_wait_free_total", "", "Waits for a free page."),
                "innodb_buffer_pool_wait_free"))
        .flatMap(each -> each);
  }

  private static Stream<Figure> rows() {
    return Stream.of(
            each(
                counter("mysql_innodb_rows_total", "", "Rows by what was done.", "operation"),
                "innodb_rows_",
                "read",
                "inserted",
                "updated",
                "deleted"),
            of(
                counter("mysql_innodb_row_lock_waits_total", "", "Row locks waited for."),
                "innodb_row_lock_waits"),
            of(
                counter(
                    "mysql_innodb_row_lock_wait_seconds_total", "seconds", "Time waited for them."),
                "innodb_row_lock_time",
                0.001),
            of(
                gauge("mysql_innodb_row_lock_current_waits", "", "Row locks waited for now."),
                "innodb_row_lock_current_waits"))
        .flatMap(each -> each);
  }

  private static Stream<Figure> files() {
    return Stream.of(
            of(
                counter("mysql_innodb_read_bytes_total", BYTES, "Read from data files."),
                "innodb_data_read"),
            of(
                counter("mysql_innodb_written_bytes_total", BYTES, "Written to data files."),
                "innodb_data_written"),
            of(counter("mysql_innodb_reads_total", "", "Reads of files."), "innodb_data_reads"),
            of(counter("mysql_innodb_writes_total", "", "Writes of files."), "innodb_data_writes"),
            of(counter("mysql_innodb_fsyncs_total", "", "Calls of fsync."), "innodb_data_fsyncs"))
        .flatMap(each -> each);
  }

  private static Stream<Figure> redo() {
    return Stream.of(
            of(
                counter("mysql_innodb_redo_written_bytes_total", BYTES, "Redo written."),
                "innodb_os_log_written"),
            of(
                counter("mysql_innodb_log_waits_total", "", "Waits for room in the log buffer."),
                "innodb_log_waits"),
            of(
                gauge("mysql_innodb_redo_capacity_bytes", BYTES, "Room for redo, from 8.0.30 on."),
                "innodb_redo_log_capacity_resized"),
            of(
                gauge(
                    "mysql_innodb_redo_logical_bytes",
                    BYTES,
                    "Redo that is in use, from 8.0.30 on."),
                "innodb_redo_log_logical_size"))
        .flatMap(each -> each);
  }
}
