package io.upm.plugin.mysql.backup;

import static io.upm.plugin.mysql.backup.Backups.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogScanTest {
  private static final int QUERY = 2;
  private static final Instant TIME = Instant.parse("2026-11-22T10:00:00.123456Z");

  @Test
  void theTimeIsThatOfTheServerWhereItWasFirst() throws IOException {
    byte[] log =
        log(gtid(7, TIME, null), event(QUERY, new byte[300]), gtid(8, TIME.plusSeconds(9), TIME));

    assertThat(read(log))
        .containsExactly(new Committed(A + ":7", TIME), new Committed(A + ":8", TIME));
  }

  @Test
  void itIsLeftWhenNothingMoreIsWanted() throws IOException {
    var seen = new ArrayList<Committed>();
    LogScan.read(
        new ByteArrayInputStream(
            log(gtid(1, TIME, null), gtid(2, TIME, null), gtid(3, TIME, null))),
        next -> seen.add(next) && seen.size() < 2);

    assertThat(seen).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {34, 42})
  void whatHasNoPlainGtidIsRefused(int type) {
    assertThatThrownBy(() -> read(log(event(type, new byte[60]))))
        .hasMessageStartingWith("it holds transactions with");
  }

  @Test
  void soIsWhatIsNoLog() {
    assertThatThrownBy(() -> read(new byte[] {(byte) 0xfd, 'b', 'i', 'n'}))
        .hasMessage("it is no binary log, or an encrypted one");
  }

  /** Ends are those of a file that was cut anywhere. */
  @Property
  void whatIsCutOrSpoiltEndsInASentence(
      @ForAll @IntRange(max = 400) int end,
      @ForAll @Size(3) List<@IntRange(max = 255) Integer> junk)
      throws IOException {
    byte[] whole = log(gtid(1, TIME, null), event(QUERY, new byte[100]), gtid(2, TIME, null));
    byte[] cut = Arrays.copyOf(whole, Math.min(end, whole.length));
    for (int at = 0; at < junk.size() && cut.length > 40; at++) {
      cut[(at * 37 + end) % cut.length] = junk.get(at).byteValue();
    }
    try {
      assertThat(read(cut)).hasSizeLessThanOrEqualTo(whole.length);
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
  }

  private static List<Committed> read(byte[] log) throws IOException {
    var seen = new ArrayList<Committed>();
    LogScan.read(new ByteArrayInputStream(log), seen::add);
    return seen;
  }

  private static byte[] log(byte[]... events) {
    var log = new ByteArrayOutputStream();
    log.writeBytes(new byte[] {(byte) 0xfe, 'b', 'i', 'n'});
    for (byte[] event : events) {
      log.writeBytes(event);
    }
    return log.toByteArray();
  }

  private static byte[] event(int type, byte[] body) {
    return ByteBuffer.allocate(19 + body.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0)
        .put((byte) type)
        .putInt(1)
        .putInt(19 + body.length)
        .putInt(0)
        .putShort((short) 0)
        .put(body)
        .array();
  }

  private static byte[] gtid(long number, Instant committed, @Nullable Instant original) {
    UUID server = UUID.fromString(A);
    ByteBuffer body = ByteBuffer.allocate(70);
    body.put((byte) 1)
        .putLong(server.getMostSignificantBits())
        .putLong(server.getLeastSignificantBits());
    body.order(ByteOrder.LITTLE_ENDIAN).putLong(number).put((byte) 2).putLong(0).putLong(1);
    long time = ChronoUnit.MICROS.between(Instant.EPOCH, committed);
    micros(body, original == null ? time : time | 1L << 55);
    if (original != null) {
      micros(body, ChronoUnit.MICROS.between(Instant.EPOCH, original));
    }
    return event(33, body.array());
  }

  private static void micros(ByteBuffer body, long time) {
    for (int shift = 0; shift < 56; shift += 8) {
      body.put((byte) (time >> shift));
    }
  }
}
