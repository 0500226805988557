package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.DataLayout;
import io.upm.plugin.mysql.agent.Directories;
import io.upm.plugin.mysql.agent.FreshDirectory;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.instance.Instance;
import io.upm.spi.store.Feed;
import io.upm.spi.store.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.LongConsumer;

/** A private server that has all that a full backup holds, however that was made. */
final class Loaded {
  private Loaded() {}

  /**
   * Makes it.
   *
   * @param source the backup
   * @param made data directory of the server; not there yet
   * @param staging for it to work in
   * @param progress told of the bytes that were loaded so far
   */
  static PrivateServer open(
      Source source, Path made, Path staging, ActionContext context, LongConsumer progress)
      throws IOException {
    return source.backup().isPhysical()
        ? openCopy(source, made, staging, context, progress)
        : openDump(source, made, staging, context, progress);
  }

  private static PrivateServer openDump(
      Source source, Path made, Path staging, ActionContext context, LongConsumer progress)
      throws IOException {
    Instance instance = context.instance();
    new FreshDirectory(context.processes(), DataLayout.of(instance))
        .make(made, staging, new byte[0]);
    PrivateServer server = PrivateServer.open(instance, context.processes(), made, staging);
    try {
      StoredObject dump = source.objects().getFirst();
      source.store().get(dump, source.encoding(dump), Feed.of(server.client()), progress);
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static PrivateServer openCopy(
      Source source, Path made, Path staging, ActionContext context, LongConsumer progress)
      throws IOException {
    Files.createDirectory(
        made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    StoredObject copy = source.objects().getFirst();
    source.store().unpack(copy, source.encoding(copy), made, progress);
    // The server flushes only what it writes itself.
    Directories.flushFiles(made);
    PrivateServer server =
        PrivateServer.open(context.instance(), context.processes(), made, staging);
    try {
      checkHistory(source.backup().gtids(), server.executed());
      // What it followed is another server's.
      server.execute("RESET REPLICA ALL;\n", "the copy can't be opened");
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static void checkHistory(GtidSet wanted, GtidSet found) {
    if (!found.contains(wanted)) {
      throw PluginException.user(
          "the copy has the transactions %s, and lacks some of %s, which its manifest says"
              .formatted(found, wanted));
    }
  }
}
