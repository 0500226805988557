package io.upm.agent.log;

import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/** The agent's own log. */
public final class Logging {
  /** Held, because the log manager itself holds loggers weakly and would forget the level. */
  private static final Logger TRANSPORT = Logger.getLogger("io.grpc");

  private Logging() {}

  /** Sends all records to standard output, each on a line of its own. */
  public static void toStandardOutput() {
    LogManager.getLogManager().reset();
    Logger.getLogger("").addHandler(new StandardOutput());
    // A port scan or a probe without TLS is not worth a line.
    TRANSPORT.setLevel(Level.SEVERE);
  }

  private static final class StandardOutput extends StreamHandler {
    StandardOutput() {
      super(System.out, new LineFormat());
    }

    @Override
    public synchronized void publish(LogRecord record) {
      super.publish(record);
      flush();
    }
  }
}
