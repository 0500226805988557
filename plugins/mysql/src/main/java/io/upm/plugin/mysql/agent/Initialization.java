package io.upm.plugin.mysql.agent;

import io.upm.plugin.mysql.DataLayout;
import io.upm.spi.PluginException;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.Instance;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Makes a data directory with its accounts.
 *
 * <ol>
 *   <li>remove what interrupted attempts left;
 *   <li>let the server initialise a directory beside the final one, with the accounts made in the
 *       same run from what it reads on standard input: no network, no binary log, so every fresh
 *       unit has an empty GTID set and can follow any other;
 *   <li>flush, and rename the directory into place.
 * </ol>
 *
 * <p>Only the rename makes an instance: whatever ends earlier leaves a directory of another name.
 */
final class Initialization {
  private static final String STAGING = ".init-";

  /** A file that every data directory has since 8.0. */
  static final String DICTIONARY = "mysql.ibd";

  private final AgentContext context;

  Initialization(AgentContext context) {
    this.context = context;
  }

  static boolean isDone(DataLayout layout) {
    return Files.isRegularFile(layout.server().resolve(DICTIONARY));
  }

  void run(Instance instance) {
    DataLayout layout = DataLayout.of(instance);
    if (isDone(layout)) {
      return;
    }
    try {
      if (Replacement.finish(layout)) {
        return;
      }
      refuseForeignData(layout.server());
      byte[] accounts = new AccountScript(instance, context.accounts()).utf8();
      removeLeftovers(instance.layout().data());
      Path staging = Files.createTempDirectory(instance.layout().data(), STAGING);
      try {
        Path made = staging.resolve("data");
        new FreshDirectory(context.processes(), layout).make(made, staging, accounts);
        Directories.flushAll(made);
        Files.move(made, layout.server(), StandardCopyOption.ATOMIC_MOVE);
        Directories.flush(instance.layout().data());
      } finally {
        Directories.delete(staging);
      }
    } catch (IOException e) {
      throw PluginException.retryable(
          "the data directory can't be made: "
              + e.getClass().getSimpleName()
              + " "
              + e.getMessage(),
          e);
    }
  }

  /** Directories beside the data directory; repeated before each start. */
  static void prepareDirectories(DataLayout layout) throws IOException {
    for (Path directory :
        List.of(layout.binaryLogs(), layout.relayLogs(), layout.temporary(), layout.logs())) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    }
  }

  private static void refuseForeignData(Path server) throws IOException {
    if (!Files.exists(server)) {
      return;
    }
    try (DirectoryStream<Path> content = Files.newDirectoryStream(server)) {
      if (content.iterator().hasNext()) {
        throw PluginException.user(
            "%s holds files but is no data directory of MySQL 8.0 or later; nothing was changed"
                .formatted(server));
      }
    }
  }

  private static void removeLeftovers(Path data) throws IOException {
    try (DirectoryStream<Path> content = Files.newDirectoryStream(data, STAGING + "*")) {
      for (Path leftover : content) {
        Directories.delete(leftover);
      }
    }
  }
}
