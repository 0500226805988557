package io.upm.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LineFormatTest {
  @Test
  void everythingIsOnOneLine() {
    var record = new LogRecord(Level.WARNING, "first\nsecond\u001b[31m");
    record.setLoggerName("io.upm.agent.Part");
    record.setInstant(Instant.parse("2026-01-02T03:04:05.678901Z"));
    record.setThrown(
        new IllegalStateException("outer\nline", new IllegalArgumentException("inner")));
    String line = new LineFormat().format(record);
    assertThat(line)
        .startsWith(
            "2026-01-02T03:04:05.678Z WARN agent Part: first second [31m"
                + " [java.lang.IllegalStateException: outer line < ")
        .contains(", because of java.lang.IllegalArgumentException: inner < ")
        .endsWith("]\n");
    assertThat(line.lines()).hasSize(1);
  }
}
