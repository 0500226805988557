package io.upm.plugin.mysql.metric;

import static io.upm.spi.metric.MetricFamily.gauge;

import io.upm.plugin.mysql.DataLayout;
import io.upm.spi.metric.MetricFamily;
import io.upm.spi.metric.MetricSample;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The binary logs as files: the server itself would open each of them to tell its size. */
final class BinaryLogFigures {
  private static final MetricFamily COUNT = gauge("mysql_binary_logs", "", "Binary log files.");

  private static final MetricFamily SIZE =
      gauge("mysql_binary_logs_size_bytes", "bytes", "Size of all binary log files.");

  static final List<MetricFamily> FAMILIES = List.of(COUNT, SIZE);

  private BinaryLogFigures() {}

  static List<MetricSample> of(DataLayout layout) throws IOException {
    long count = 0;
    long bytes = 0;
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(layout.binaryLogs(), "binlog.[0-9]*")) {
      for (Path file : files) {
        bytes += size(file);
        count++;
      }
    }
    return List.of(COUNT.sample(count), SIZE.sample(bytes));
  }

  /** The server may remove one at any moment. */
  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
