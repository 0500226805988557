package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.client.GtidSet;
import io.upm.spi.PluginException;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.store.Feed;
import io.upm.spi.store.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Has a private server go on from a full backup through archived binary logs. They go through two
 * programs and no file; but the one in which the restore may end is looked into before, in a file,
 * for the transactions that are wanted of it.
 */
final class Replay {
  private final PrivateServer server;
  private final Path directory;
  private final LongConsumer progress;
  private long done;

  /**
   * @param directory for files in between
   * @param progress told of the bytes that were replayed so far
   */
  Replay(PrivateServer server, Path directory, LongConsumer progress) {
    this.server = server;
    this.directory = directory;
    this.progress = progress;
  }

  /**
   * Replays it.
   *
   * @return all transactions that the server has now, which are exactly those that it should have
   */
  GtidSet run(History history) throws IOException {
    server.admitAccounts();
    for (Source link : history.whole()) {
      for (StoredObject object : link.objects()) {
        feed(link, object, List.of());
      }
    }
    GtidSet wanted = history.route().beforeCut();
    if (history.cut().isPresent()) {
      wanted = cut(history.cut().get(), history.until(), wanted);
    }
    GtidSet found = server.executed();
    if (!found.equals(wanted)) {
      throw PluginException.user(
          "the archived binary logs lead to the transactions %s, and not to %s"
              .formatted(found, wanted));
    }
    return found;
  }

  private GtidSet cut(Source link, Until until, GtidSet before) throws IOException {
    GtidSet there = before;
    for (StoredObject object : link.objects()) {
      var cut = new Cut(until, there);
      look(link, object, cut);
      GtidSet wanted = cut.wanted();
      if (!wanted.isEmpty()) {
        feed(link, object, List.of("--include-gtids=" + wanted));
      }
      there = there.plus(wanted);
      if (cut.ended()) {
        break;
      }
    }
    return there;
  }

  private void look(Source link, StoredObject object, Cut cut) throws IOException {
    Path file = directory.resolve("binlog");
    link.store()
        .get(
            object,
            link.encoding(object),
            Feed.of(program("dd", List.of("of=" + file, "bs=1M", "status=none"))),
            bytes -> {});
    LogScan.read(file, cut);
    Files.delete(file);
  }

  private void feed(Source link, StoredObject object, List<String> only) {
    var options = new ArrayList<>(List.of("--no-defaults", "--verify-binlog-checksum"));
    options.addAll(only);
    options.add("-");
    long before = done;
    link.store()
        .get(
            object,
            link.encoding(object),
            Feed.through(program("mysqlbinlog", options), server.client()),
            bytes -> progress.accept(before + bytes));
    done += object.bytes();
  }

  private ProcessSpec program(String name, List<String> options) {
    var command = new ArrayList<>(List.of(name));
    command.addAll(options);
    return new ProcessSpec(command, Map.of(), directory);
  }
}
