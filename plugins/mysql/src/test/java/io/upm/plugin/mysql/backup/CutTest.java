package io.upm.plugin.mysql.backup;

import static io.upm.plugin.mysql.backup.Backups.A;
import static io.upm.plugin.mysql.backup.Backups.minute;
import static org.assertj.core.api.Assertions.assertThat;

import io.upm.plugin.mysql.client.GtidSet;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CutTest {
  private static final GtidSet THERE = GtidSet.parse(A + ":1-3");

  @Test
  void aTimeEndsBeforeTheFirstThatCameLater() {
    var cut = new Cut(new Until.Time(minute(5)), THERE);

    assertThat(cut.test(at(3, 9))).as("it is there already").isTrue();
    assertThat(cut.test(at(4, 4))).isTrue();
    assertThat(cut.test(at(5, 5))).isTrue();
    assertThat(cut.test(at(6, 6))).isFalse();

    assertThat(cut.wanted()).hasToString(A + ":4-5");
    assertThat(cut.ended()).isTrue();
  }

  @Test
  void aTransactionIsTheLastOne() {
    var cut = new Cut(new Until.Transaction(GtidSet.parse(A + ":5")), THERE);

    assertThat(cut.test(at(4, 4))).isTrue();
    assertThat(cut.test(at(5, 5))).isFalse();

    assertThat(cut.wanted()).hasToString(A + ":4-5");
    assertThat(cut.ended()).isTrue();
  }

  @Test
  void aFileThatHoldsNothingLaterIsWantedAsAWhole() {
    var cut = new Cut(new Until.Time(minute(5)), THERE);

    assertThat(cut.test(at(4, 4))).isTrue();

    assertThat(cut.ended()).isFalse();
  }

  @Property
  void whatIsCollectedOneByOneIsTheSet(
      @ForAll @Size(max = 40) List<@IntRange(min = 1, max = 30) Integer> numbers) {
    var gtids = new Gtids();
    numbers.forEach(number -> gtids.add(A + ":" + number));

    assertThat(gtids.set())
        .isEqualTo(
            GtidSet.parse(
                numbers.stream().map(number -> A + ":" + number).collect(Collectors.joining(","))));
  }

  private static Committed at(int number, int minutes) {
    return new Committed(A + ":" + number, minute(minutes));
  }
}
