package io.upm.plugin.mysql.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.client.GtidSet;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LogFilesPropertyTest {
  private static final String SERVER = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

  /** Files of so many transactions each, the first of which are purged. */
  @Property
  void whatIsNeededHoldsAllThatIsMissingAndNothingElse(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 3) Integer> sizes,
      @ForAll @IntRange(max = 5) int purged,
      @ForAll @IntRange(max = 40) int archived) {
    var all = new ArrayList<LogFile>();
    int sum = 0;
    for (int at = 0; at < sizes.size(); at++) {
      all.add(new LogFile("binlog." + at, 1, upTo(sum)));
      sum += sizes.get(at);
    }
    // Those of the last one come after it was begun.
    int reached = sum - sizes.getLast();
    int known = Math.min(archived, reached);
    List<LogFile> left = all.subList(Math.min(purged, all.size() - 1), all.size());
    LogFiles files = LogFiles.of(left);
    if (!upTo(known).contains(left.getFirst().previous())) {
      assertThatThrownBy(() -> files.beyond(upTo(known)))
          .hasMessageContaining("any more, which is not archived: take a logical-backup")
          .hasMessageContaining(left.getFirst().previous().minus(upTo(known)).toString());
      return;
    }

    List<LogFile> needed = files.beyond(upTo(known));

    GtidSet held = GtidSet.EMPTY;
    for (LogFile file : needed) {
      GtidSet of = of(file, all);
      assertThat(upTo(known).contains(of)).isFalse();
      held = held.plus(of);
    }
    assertThat(held.plus(upTo(known))).isEqualTo(upTo(reached)).isEqualTo(files.reached());
  }

  @Test
  void nothingIsNeededOfAServerThatJustBegan() {
    assertThat(LogFiles.of(List.of(new LogFile("binlog.000001", 1, GtidSet.EMPTY))).beyond(upTo(3)))
        .isEmpty();
  }

  private static GtidSet of(LogFile file, List<LogFile> all) {
    return all.get(all.indexOf(file) + 1).previous().minus(file.previous());
  }

  private static GtidSet upTo(int number) {
    return number == 0 ? GtidSet.EMPTY : GtidSet.parse(SERVER + ":1-" + number);
  }
}
