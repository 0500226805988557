package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.spi.PluginException;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.instance.Instance;
import java.util.Optional;

/** What can be restored where. Pure. */
final class RestoreRules {
  private RestoreRules() {}

  /**
   * A full backup holds the server's own tables, too, which are those of its series.
   *
   * @throws PluginException of kind USER when it can't be
   */
  static void checkVersion(String backup, EngineVersion here) {
    EngineVersion from = EngineVersion.parse(backup);
    if (from.compareTo(here) > 0 || !series(from).equals(series(here))) {
      throw PluginException.user(
          "spec.parameters.source: a backup of MySQL %s can be restored on %s and later of its"
                  .formatted(from, from)
              + " series, and not on %s".formatted(here));
    }
  }

  /**
   * A dump of users' databases alone can be read by every server that isn't older.
   *
   * @throws PluginException of kind USER when it can't be
   */
  static void checkNotOlder(String backup, EngineVersion here) {
    EngineVersion from = EngineVersion.parse(backup);
    if (from.compareTo(here) > 0) {
      throw PluginException.user(
          "spec.parameters.source: a backup of MySQL %s can be restored on %s and later, and not on"
                  .formatted(from, from)
              + " %s".formatted(here));
    }
  }

  /**
   * The others of a set would not follow a source whose history is another one than theirs.
   *
   * @throws PluginException of kind USER when there are others
   */
  static void checkAlone(Instance instance) {
    if (MysqlEngine.replicates(instance.mode()) && instance.peers().size() > 1) {
      throw PluginException.user(
          "UnitSet %s has %d units that replicate: scale it to 1, or restore into another set"
              .formatted(instance.identity().set(), instance.peers().size()));
    }
  }

  /**
   * The present data stay beside the restored ones.
   *
   * @throws PluginException of kind USER when there is no room for both
   */
  static void checkRoom(long backup, long free) {
    if (free < backup) {
      throw PluginException.user(
          "the data volume has %d MiB free; the backup alone has %d MiB: grow the volume, or remove"
                  .formatted(free >> 20, backup >> 20)
              + " what an earlier restore replaced (discard-replaced)");
    }
  }

  private static Optional<String> series(EngineVersion version) {
    return MysqlEngine.DESCRIPTOR.seriesOf(version).map(EngineSeries::name);
  }
}
