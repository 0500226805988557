package io.upm.plugin.mysql.backup;

import static io.upm.plugin.mysql.backup.Backups.A;
import static io.upm.plugin.mysql.backup.Backups.B;
import static io.upm.plugin.mysql.backup.Backups.full;
import static io.upm.plugin.mysql.backup.Backups.link;
import static io.upm.plugin.mysql.backup.Backups.minute;
import static org.assertj.core.api.Assertions.assertThat;

import io.upm.plugin.mysql.client.GtidSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChainTest {
  private static final Archived FULL = full(10, A + ":1-5");
  private static final Archived ONE = link(15, A + ":1-5", A + ":1-8");
  private static final Archived IDLE = link(20, A + ":1-8", A + ":1-8");
  private static final Archived TWO = link(25, A + ":1-8", A + ":1-9," + B + ":1-2");

  @Test
  void eachGoesOnFromTheOneBefore() {
    Chain chain = Chain.of(FULL, List.of(ONE, IDLE, TWO));

    assertThat(chain.links()).containsExactly(ONE, IDLE, TWO);
    assertThat(chain.tip()).isEqualTo(TWO);
    assertThat(Chain.of(FULL, List.of()).tip()).isEqualTo(FULL);
  }

  @Test
  void aGapEndsIt() {
    assertThat(Chain.of(FULL, List.of(IDLE, TWO)).links()).isEmpty();
    assertThat(Chain.of(FULL, List.of(ONE, link(30, A + ":1-9", A + ":1-20"))).links())
        .containsExactly(ONE);
  }

  @Test
  void anotherHistoryIsNoPartOfIt() {
    Archived restored = full(40, A + ":1-6");
    Archived other = link(45, A + ":1-6", A + ":1-6," + B + ":1-3");

    assertThat(Chain.of(FULL, List.of(ONE, restored, other)).links()).containsExactly(ONE);
    assertThat(Chain.of(restored, List.of(other, ONE)).links()).containsExactly(other);
  }

  @Test
  void aReplicaThatLaggedNeedsWhatWasArchivedBefore() {
    Archived lagged = full(17, A + ":1-7");

    assertThat(Chain.of(lagged, List.of(IDLE, TWO, ONE)).links()).containsExactly(ONE, IDLE, TWO);
  }

  @Test
  void aTimeIsCutOutOfTheFirstThatHasSomethingLater() {
    Chain chain = Chain.of(FULL, List.of(ONE, IDLE, TWO));

    assertThat(route(chain, 9)).isEmpty();
    assertThat(route(chain, 10)).contains(new Chain.Route(FULL, List.of(), Optional.of(ONE)));
    assertThat(route(chain, 14))
        .contains(new Chain.Route(FULL, List.of(ONE, IDLE), Optional.of(TWO)));
    assertThat(route(chain, 23))
        .contains(new Chain.Route(FULL, List.of(ONE, IDLE), Optional.of(TWO)));
    assertThat(route(chain, 25))
        .contains(new Chain.Route(FULL, List.of(ONE, IDLE, TWO), Optional.empty()));
    assertThat(route(chain, 26)).isEmpty();
  }

  @Test
  void aTransactionIsCutOutOfTheOneThatHasIt() {
    Chain chain = Chain.of(FULL, List.of(ONE, IDLE, TWO));

    assertThat(chain.to(transaction(A + ":5"))).as("the backup has later ones").isEmpty();
    assertThat(chain.to(transaction(A + ":6")))
        .contains(new Chain.Route(FULL, List.of(), Optional.of(ONE)));
    assertThat(chain.to(transaction(B + ":1")))
        .contains(new Chain.Route(FULL, List.of(ONE, IDLE), Optional.of(TWO)));
    assertThat(chain.to(transaction(B + ":3"))).isEmpty();
  }

  @Test
  void whatCanBeReachedIsNamed() {
    assertThat(Chain.of(FULL, List.of(ONE)).points(List.of(full(60, A + ":1-70"))))
        .isEqualTo(
            "a time from 2026-11-22T10:10:00Z to 2026-11-22T10:15:00Z, or a transaction of "
                + A
                + ":6-8; or, of the backup s3://backups/apps/db/060-db-0/, from"
                + " 2026-11-22T11:00:00Z on");
  }

  /** Whatever is lost of them, and in whatever order they are found. */
  @Property
  void aChainHasNoGapsAndStopsBeforeTheFirstOne(
      @ForAll @IntRange(min = 1, max = 20) int links,
      @ForAll @IntRange(max = 25) int lost,
      @ForAll long seed) {
    var all = new ArrayList<Archived>();
    for (int at = 0; at < links; at++) {
      all.add(link(20 + at, A + ":1-" + (5 + at), A + ":1-" + (6 + at)));
    }
    if (lost < links) {
      all.remove(lost);
    }
    Collections.shuffle(all, new Random(seed));

    Chain chain = Chain.of(FULL, all);

    assertThat(chain.links()).hasSize(Math.min(lost, links));
    GtidSet reached = FULL.gtids();
    for (Archived one : chain.links()) {
      assertThat(one.base()).isEqualTo(reached);
      reached = one.gtids();
    }
  }

  private static Optional<Chain.Route> route(Chain chain, int minutes) {
    return chain.to(new Until.Time(minute(minutes)));
  }

  private static Until transaction(String gtid) {
    return new Until.Transaction(GtidSet.parse(gtid));
  }
}
