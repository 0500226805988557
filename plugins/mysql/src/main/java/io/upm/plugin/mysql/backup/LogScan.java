package io.upm.plugin.mysql.backup;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Reads which transactions a file of the binary log holds, and when they were committed, to the
 * microsecond; skips all else, so memory stays flat. The layout of events is in the manual of the
 * server's source, <a
 * href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_replication_binlog_event.html">Binlog
 * Event</a> and the classes {@code Log_event_header} and {@code Gtid_event}.
 */
final class LogScan {
  /** 0xfe and "bin". */
  private static final int MAGIC = 0x6e6962fe;

  private static final int HEADER = 19;
  private static final int TYPE_AT = 4;
  private static final int SIZE_AT = 9;
  private static final int GTID_EVENT = 33;
  private static final int ANONYMOUS_EVENT = 34;
  private static final int TAGGED_EVENT = 42;
  // Flags, server, number, kind of clock, and two values of that.
  private static final int SERVER_AT = 1;
  private static final int NUMBER_AT = 17;
  private static final int TIMES_AT = 42;
  private static final int TIME_BYTES = 7;
  private static final int GTID_BYTES = TIMES_AT + 2 * TIME_BYTES;
  private static final long ORIGINAL_FOLLOWS = 1L << 55;
  private static final int BUFFER = 64 << 10;

  private LogScan() {}

  /**
   * Tells of transactions in their order.
   *
   * @param wanted told of each; whether it wants to hear of the next one
   * @throws IOException when it can't be read, or isn't such a file
   */
  static void read(Path file, Predicate<Committed> wanted) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
      read(in, wanted);
    }
  }

  static void read(InputStream in, Predicate<Committed> wanted) throws IOException {
    byte[] magic = in.readNBytes(Integer.BYTES);
    if (magic.length < Integer.BYTES || littleEndian(magic).getInt() != MAGIC) {
      throw new IOException("it is no binary log, or an encrypted one");
    }
    byte[] header = new byte[HEADER];
    boolean goesOn = true;
    for (int got = in.readNBytes(header, 0, HEADER);
        got > 0 && goesOn;
        got = in.readNBytes(header, 0, HEADER)) {
      ByteBuffer event = littleEndian(header);
      int body = event.getInt(SIZE_AT) - HEADER;
      if (got < HEADER || body < 0) {
        throw new EOFException("it ends within an event");
      }
      goesOn =
          switch (event.get(TYPE_AT)) {
            case GTID_EVENT -> wanted.test(transaction(in, body));
            case ANONYMOUS_EVENT -> throw new IOException("it holds transactions without a GTID");
            case TAGGED_EVENT -> throw new IOException("it holds transactions with a tagged GTID");
            default -> {
              in.skipNBytes(body);
              yield true;
            }
          };
    }
  }

  private static Committed transaction(InputStream in, int body) throws IOException {
    byte[] start = in.readNBytes(Math.min(body, GTID_BYTES));
    if (start.length < GTID_BYTES) {
      throw new EOFException("it ends within an event");
    }
    in.skipNBytes(body - start.length);
    ByteBuffer event = littleEndian(start);
    long time = time(start, TIMES_AT);
    if ((time & ORIGINAL_FOLLOWS) != 0) {
      time = time(start, TIMES_AT + TIME_BYTES);
    }
    return new Committed(
        server(start) + ":" + event.getLong(NUMBER_AT),
        Instant.EPOCH.plus(time, ChronoUnit.MICROS));
  }

  private static long time(byte[] bytes, int at) {
    long time = 0;
    for (int place = TIME_BYTES - 1; place >= 0; place--) {
      time = time << 8 | bytes[at + place] & 0xff;
    }
    return time;
  }

  private static String server(byte[] event) {
    ByteBuffer uuid = ByteBuffer.wrap(event);
    return new UUID(uuid.getLong(SERVER_AT), uuid.getLong(SERVER_AT + 8)).toString();
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
