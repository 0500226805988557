package io.upm.plugin.mysql.backup;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a dump begins: with where it lies in the server's history. Pure. */
final class DumpHead {
  private static final Pattern GTIDS =
      Pattern.compile("SET @@GLOBAL\\.GTID_PURGED=(?:/\\*!80000 '\\+'\\*/ )?'([^']*)'");

  /** In the words of 8.0, or of what came after it. */
  private static final Pattern COORDINATES =
      Pattern.compile("(?:SOURCE|MASTER)_LOG_FILE='([^']+)', (?:SOURCE|MASTER)_LOG_POS=(\\d+)");

  private DumpHead() {}

  /** The GTID set, and file and offset of the binary log, as far as they are said. */
  static Map<String, String> position(String head) {
    var position = new LinkedHashMap<String, String>();
    Matcher gtids = GTIDS.matcher(head);
    if (gtids.find()) {
      position.put(LogicalBackup.GTID_SET, gtids.group(1).replaceAll("\\s", ""));
    }
    Matcher coordinates = COORDINATES.matcher(head);
    if (coordinates.find()) {
      position.put("binaryLogFile", coordinates.group(1));
      position.put("binaryLogOffset", coordinates.group(2));
    }
    return position;
  }
}
