package io.upm.runtime.backup;

import io.upm.runtime.api.Backup;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Whose turn it is to be tried: one backup in each namespace, as a trial takes room and memory.
 * What other threads have decided counts before it is seen; what another process has, is seen when
 * this one begins.
 */
final class TrialTurns {
  /** Name of the Backup that has its turn, by namespace. */
  private final Map<String, String> holders = new HashMap<>();

  private final Function<Backup, Stream<Backup>> known;
  private final Function<String, Function<String, Optional<Backup>>> live;

  /**
   * @param known the Backups of the namespace of one, as they were seen last
   * @param live the Backup of a namespace and a name as it is
   */
  TrialTurns(
      Function<Backup, Stream<Backup>> known,
      Function<String, Function<String, Optional<Backup>>> live) {
    this.known = known;
    this.live = live;
  }

  /**
   * Takes the turn if nobody has it.
   *
   * @return the Backup whose turn it is instead
   */
  synchronized Optional<String> take(Backup backup) {
    String namespace = backup.getMetadata().getNamespace();
    String name = backup.getMetadata().getName();
    Optional<String> holder =
        Optional.ofNullable(holders.get(namespace))
            .or(() ->
                known.apply(backup).filter(TrialTurns::isTried).map(TrialTurns::name).findAny())
            .filter(other -> !other.equals(name))
            .filter(other ->
                live.apply(namespace).apply(other).filter(DecideTrial::concerns).isPresent());
    if (holder.isEmpty()) {
      holders.put(namespace, name);
    }
    return holder;
  }

  private static boolean isTried(Backup backup) {
    return backup.getStatus() != null
        && backup.getStatus().trial() != null
        && backup.getStatus().trial().begun();
  }

  private static String name(Backup backup) {
    return backup.getMetadata().getName();
  }
}
