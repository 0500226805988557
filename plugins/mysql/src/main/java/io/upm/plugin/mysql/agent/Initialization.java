package io.upm.plugin.mysql.agent;

import io.upm.plugin.mysql.DataLayout;
import io.upm.spi.PluginException;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessRunner;
import io.upm.spi.instance.ProcessSpec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** A file that every data directory has since 8.0. */
  private static final String DICTIONARY = "mysql.ibd";

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
      refuseForeignData(layout.server());
      byte[] accounts = new AccountScript(instance, context.accounts()).utf8();
      removeLeftovers(instance.layout().data());
      prepareDirectories(layout);
      Path staging = Files.createTempDirectory(instance.layout().data(), STAGING);
      try {
        Path made = staging.resolve("data");
        initialize(layout, made, staging, accounts);
        flushDirectories(made);
        Files.move(made, layout.server(), StandardCopyOption.ATOMIC_MOVE);
        flush(instance.layout().data());
      } finally {
        delete(staging);
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

  private void initialize(DataLayout layout, Path target, Path directory, byte[] accounts) {
    var command = new ArrayList<String>();
    command.add("mysqld");
    // What can't be changed later, such as the page size, is in the rendered file.
    command.add(
        Files.isRegularFile(layout.options())
            ? "--defaults-file=" + layout.options()
            : "--no-defaults");
    command.addAll(
        List.of(
            "--initialize-insecure",
            "--datadir=" + target,
            "--init-file=/dev/stdin",
            "--disable-log-bin",
            "--gtid-mode=OFF",
            "--enforce-gtid-consistency=OFF",
            "--super-read-only=OFF",
            "--read-only=OFF",
            "--general-log=OFF",
            "--slow-query-log=OFF",
            "--log-error-verbosity=2"));
    ProcessRunner.Result result =
        context.processes().run(new ProcessSpec(command, Map.of(), directory), accounts, LIMIT);
    if (!result.succeeded()) {
      throw PluginException.retryable(
          "mysqld --initialize failed with exit code %d: %s"
              .formatted(result.exitCode(), ServerLog.firstError(result.output())),
          null);
    }
    if (!Files.isRegularFile(target.resolve(DICTIONARY))) {
      throw PluginException.internal("mysqld --initialize made no " + DICTIONARY, null);
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
        delete(leftover);
      }
    }
  }

  /** The server has flushed its files; here their names in the directories are. */
  private static void flushDirectories(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path directory : all.filter(Files::isDirectory).toList()) {
        flush(directory);
      }
    }
  }

  private static void flush(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
