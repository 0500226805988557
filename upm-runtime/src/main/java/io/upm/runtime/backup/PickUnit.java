package io.upm.runtime.backup;

import io.upm.runtime.api.BackupSpec;
import io.upm.runtime.backup.BackupView.Candidate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which Unit does the work. Pure. Only those that serve; of them one that takes no writes, as a
 * backup costs its server time, and of those the one with the highest number, which is the least
 * likely to become the source.
 */
final class PickUnit {
  private static final Comparator<Candidate> PREFERRED =
      Comparator.comparing(Candidate::source)
          .thenComparing(Candidate::ordinal, Comparator.reverseOrder())
          .thenComparing(Candidate::name);

  private PickUnit() {}

  /** The one to back up. */
  static Optional<Candidate> toBackUp(BackupSpec spec, List<Candidate> units) {
    return units.stream()
        .filter(Candidate::ready)
        .filter(unit -> isMeant(spec, unit))
        .min(PREFERRED);
  }

  /** The one to remove a backup: any of the engine, as the backup may outlive its database. */
  static Optional<Candidate> toRemove(BackupSpec spec, List<Candidate> units) {
    return units.stream()
        .filter(Candidate::ready)
        .min(
            Comparator.comparing((Candidate unit) -> !isMeant(spec, unit))
                .thenComparing(PREFERRED));
  }

  private static boolean isMeant(BackupSpec spec, Candidate unit) {
    return spec.unitSet() == null
        ? unit.name().equals(spec.unit())
        : unit.set().equals(spec.unitSet());
  }
}
