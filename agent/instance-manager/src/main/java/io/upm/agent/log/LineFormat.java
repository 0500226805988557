package io.upm.agent.log;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/** One line for each record: time, level, where, message, and the causes of a failure. */
final class LineFormat extends Formatter {
  private static final int CAUSES = 5;
  private static final int FRAMES = 3;

  @Override
  public String format(LogRecord record) {
    Instant time = record.getInstant().truncatedTo(ChronoUnit.MILLIS);
    var line = new StringBuilder(160);
    line.append(time).append(' ').append(level(record.getLevel())).append(" agent ");
    line.append(simple(record.getLoggerName())).append(": ");
    line.append(formatMessage(record));
    append(line, record.getThrown());
    for (int i = 0; i < line.length(); i++) {
      if (Character.isISOControl(line.charAt(i))) {
        line.setCharAt(i, ' ');
      }
    }
    return line.append('\n').toString();
  }

  private static void append(StringBuilder line, @Nullable Throwable thrown) {
    Throwable failure = thrown;
    for (int i = 0; failure != null && i < CAUSES; i++, failure = failure.getCause()) {
      line.append(i == 0 ? " [" : ", because of ").append(failure);
      StackTraceElement[] frames = failure.getStackTrace();
      for (int frame = 0; frame < Math.min(FRAMES, frames.length); frame++) {
        line.append(" < ").append(frames[frame]);
      }
    }
    if (thrown != null) {
      line.append(']');
    }
  }

  private static String level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (value >= Level.WARNING.intValue()) {
      return "WARN";
    }
    return value >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }

  private static String simple(@Nullable String logger) {
    return logger == null ? "" : logger.substring(logger.lastIndexOf('.') + 1);
  }
}
