package io.upm.runtime.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.api.Backup;
import io.upm.runtime.api.GrpcCallStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TrialTurnsTest {
  private final Map<String, Backup> backups = new TreeMap<>();
  private final TrialTurns turns =
      new TrialTurns(
          backup -> backups.values().stream(),
          namespace -> name -> Optional.ofNullable(backups.get(name)));

  @Test
  void oneAtATimeThoughNothingWasWrittenYet() {
    TrialWorld first = world("first");
    TrialWorld second = world("second");

    assertThat(turns.take(first.backup)).isEmpty();
    assertThat(turns.take(second.backup)).contains("first");
    assertThat(turns.take(first.backup)).isEmpty();

    first.look();
    assertThat(turns.take(second.backup)).contains("first");
    backups.remove("first");
    assertThat(turns.take(second.backup)).isEmpty();
  }

  @Test
  void anotherProcessGoesByWhatIsWritten() {
    TrialWorld first = world("first");
    first.look();
    TrialWorld second = world("second");

    assertThat(turns.take(second.backup)).contains("first");
    first.look();
    first.look();
    first.restore(GrpcCallStatus.Phase.FAILED);
    for (int look = 0; look < 3; look++) {
      first.look();
      first.collect();
    }
    assertThat(DecideTrial.concerns(first.backup)).isFalse();
    assertThat(turns.take(second.backup)).isEmpty();
    assertThat(List.copyOf(backups.keySet())).containsExactly("first", "second");
  }

  private TrialWorld world(String name) {
    var world = new TrialWorld("verify: {}");
    world.backup.getMetadata().setName(name);
    backups.put(name, world.backup);
    return world;
  }
}
