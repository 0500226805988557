package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.client.GtidSet;
import io.upm.spi.PluginException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which files hold what is not archived yet. Pure. All is decided from sets of transactions, which
 * mean the same on each unit: so it doesn't matter which of them did it before.
 *
 * @param complete files that are not written any more, in their order
 * @param reached all transactions up to the end of these
 */
record LogFiles(List<LogFile> complete, GtidSet reached) {
  LogFiles {
    complete = List.copyOf(complete);
  }

  /** Of files in their order; the server writes the last one. */
  static LogFiles of(List<LogFile> all) {
    return new LogFiles(all.subList(0, all.size() - 1), all.getLast().previous());
  }

  /**
   * The files that are needed, in their order.
   *
   * @param archived what is archived
   * @throws PluginException of kind USER when some of that is in no file any more
   */
  List<LogFile> beyond(GtidSet archived) {
    GtidSet purged = (complete.isEmpty() ? reached : complete.getFirst().previous());
    GtidSet gap = purged.minus(archived);
    if (!gap.isEmpty()) {
      throw PluginException.user(
          "the unit's binary logs don't hold %s any more, which is not archived: take a %s"
              .formatted(gap, LogicalBackup.NAME));
    }
    var needed = new ArrayList<LogFile>();
    for (int at = 0; at < complete.size(); at++) {
      LogFile file = complete.get(at);
      GtidSet end = at + 1 < complete.size() ? complete.get(at + 1).previous() : reached;
      if (!archived.contains(end.minus(file.previous()))) {
        needed.add(file);
      }
    }
    return needed;
  }
}
