package io.upm.agent.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How a line of a log file is written to the container's log. Pure. */
public enum LogFormat {
  /** One object a line: when it was read, whose it is, which file it is from, what it says. */
  JSON {
    @Override
    byte[] of(LogFile file, byte[] line, boolean cut, Instant at) throws IOException {
      var bytes = new ByteArrayOutputStream(line.length + 128);
      try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
        json.writeStartObject();
        json.writeStringField("time", at.truncatedTo(ChronoUnit.MILLIS).toString());
        json.writeStringField("unit", file.unit());
        json.writeStringField("source", file.source());
        // What is no UTF-8 becomes U+FFFD.
        json.writeStringField("message", new String(line, StandardCharsets.UTF_8));
        if (cut) {
          json.writeBooleanField("cut", true);
        }
        json.writeEndObject();
        json.writeRaw('\n');
      }
      return bytes.toByteArray();
    }
  },

  /** As it is, byte by byte. */
  RAW {
    @Override
    byte[] of(LogFile file, byte[] line, boolean cut, Instant at) {
      var bytes = new ByteArrayOutputStream(line.length + MARK.length + 1);
      bytes.writeBytes(line);
      if (cut) {
        bytes.writeBytes(MARK);
      }
      bytes.write('\n');
      return bytes.toByteArray();
    }
  };

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final byte[] MARK = " [cut]".getBytes(StandardCharsets.US_ASCII);

  /**
   * A line with its end.
   *
   * @param line without one
   * @param cut whether more of it follows, as another line
   * @param at when it was read
   */
  abstract byte[] of(LogFile file, byte[] line, boolean cut, Instant at) throws IOException;
}
