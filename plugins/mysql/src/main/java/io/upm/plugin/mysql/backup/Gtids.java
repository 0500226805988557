package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.client.GtidSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Collects transactions one by one. Those of a server mostly follow each other, so what is kept
 * grows with the gaps between them and not with their number. Not thread-safe.
 */
final class Gtids {
  private final Map<String, long[]> runs = new HashMap<>();
  private GtidSet closed = GtidSet.EMPTY;

  void add(String gtid) {
    int colon = gtid.lastIndexOf(':');
    String server = gtid.substring(0, colon);
    long number = Long.parseLong(gtid, colon + 1, gtid.length(), 10);
    long[] run = runs.get(server);
    if (run != null && run[1] + 1 == number) {
      run[1] = number;
      return;
    }
    if (run != null) {
      closed = closed.plus(set(server, run));
    }
    runs.put(server, new long[] {number, number});
  }

  GtidSet set() {
    GtidSet all = closed;
    for (Map.Entry<String, long[]> run : runs.entrySet()) {
      all = all.plus(set(run.getKey(), run.getValue()));
    }
    return all;
  }

  private static GtidSet set(String server, long[] run) {
    return GtidSet.parse("%s:%d-%d".formatted(server, run[0], run[1]));
  }
}
