package io.upm.agent.action;

import com.google.protobuf.InvalidProtocolBufferException;
import io.upm.agent.protocol.v1.OperationReport;
import io.upm.agent.state.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** States of operations on the data volume: that one began, and how it ended. No parameters. */
final class OperationFiles {
  private static final Logger LOG = LoggerFactory.getLogger(OperationFiles.class);

  /** Enough for the runtime to hear of each, however long it was away. */
  private static final int KEPT = 200;

  private final Path directory;

  OperationFiles(Path directory) {
    this.directory = directory;
  }

  void write(OperationReport report) throws IOException {
    DurableFile.write(
        directory.resolve(report.getOperation()), report.toByteArray(), DurableFile.SHARED);
  }

  /** All that are kept, the oldest first; of too many the oldest are removed. */
  List<OperationReport> read() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    var reports = new ArrayList<OperationReport>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(OperationFiles::isOne).toList()) {
        try {
          reports.add(OperationReport.parseFrom(Files.readAllBytes(file)));
        } catch (InvalidProtocolBufferException e) {
          LOG.warn("{} is left aside: {}", file, e.getMessage());
        }
      }
    }
    reports.sort(Comparator.comparingLong(OperationReport::getBeganMillis));
    while (reports.size() > KEPT) {
      Files.deleteIfExists(directory.resolve(reports.removeFirst().getOperation()));
    }
    return reports;
  }

  /** Not one that a crash left half written. */
  private static boolean isOne(Path file) {
    return Operations.isId(file.getFileName().toString());
  }
}
