package io.upm.plugin.mysql.agent;

import io.upm.plugin.mysql.DataLayout;
import io.upm.spi.PluginException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts a finished data directory in the place of the present one, which is moved aside with its
 * binary and relay logs, and not deleted.
 *
 * <ol>
 *   <li>note on disk what is to be moved where;
 *   <li>move the data directory aside, then the logs;
 *   <li>move the finished one into its place, and strike the note.
 * </ol>
 *
 * <p>Whoever finds no data directory but a note goes on with it ({@link #finish}), so that a crash
 * never makes an instance an empty one. A note beside a data directory was not begun, and is
 * struck.
 */
public final class Replacement {
  /** Beginning of the names of what was moved aside. */
  public static final String ASIDE = "replaced-";

  private static final String NOTE = "replacement";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Replacement() {}

  /**
   * Replaces it.
   *
   * @param made finished, on the same volume
   * @param name of the directory, beside the data directory, that takes the present one
   */
  public static void begin(DataLayout layout, Path made, String name) throws IOException {
    Path root = root(layout);
    Files.createDirectory(root.resolve(name));
    Path note = root.resolve(NOTE);
    Path draft = root.resolve(NOTE + ".new");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(StandardCharsets.UTF_8.encode(root.relativize(made) + "\n" + name + "\n"));
      channel.force(true);
    }
    Files.move(draft, note, StandardCopyOption.ATOMIC_MOVE);
    Directories.flush(root);
    moveInPeace(layout, made, root.resolve(name));
  }

  /**
   * Replaces it.
   *
   * @param made finished, on the same volume
   * @param now which the directory that takes the present one is named after
   * @return name of that directory; empty when there was nothing to be kept
   */
  public static Optional<String> begin(DataLayout layout, Path made, Instant now)
      throws IOException {
    String name = ASIDE + TIME.format(now);
    begin(layout, made, name);
    return Optional.of(name).filter(one -> !isEmpty(root(layout).resolve(one)));
  }

  /** Removes what is aside where there were no data but directories for them. */
  private static boolean isEmpty(Path aside) {
    try (Stream<Path> content = Files.walk(aside)) {
      if (!content.allMatch(Files::isDirectory)) {
        return false;
      }
      Directories.delete(aside);
      return true;
    } catch (IOException e) {
      // It is only in the way.
      return false;
    }
  }

  /** Whether one was begun whose end is not on disk. */
  public static boolean isPending(DataLayout layout) {
    return Files.exists(root(layout).resolve(NOTE));
  }

  /**
   * On a thread that nobody interrupts: whoever cancels the action now is too late, and an
   * interrupt would end the writing in the middle.
   */
  static void moveInPeace(DataLayout layout, Path made, Path aside) throws IOException {
    var moving =
        new FutureTask<@Nullable Void>(() -> {
          move(layout, made, aside);
          return null;
        });
    Thread.ofVirtual().name("replacement").start(moving);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          moving.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw new IOException(
          "%s; it is finished when the engine starts".formatted(e.getMessage()), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Goes on with what a crash interrupted; returns whether there was something to go on with. */
  public static boolean finish(DataLayout layout) throws IOException {
    Path root = root(layout);
    Path note = root.resolve(NOTE);
    if (!Files.exists(note)) {
      return false;
    }
    List<String> lines = Files.readAllLines(note);
    Path made = root.resolve(lines.get(0));
    if (!Files.isDirectory(made)) {
      throw PluginException.user(
          "%s names %s, which is not there, and there is no data directory; the former one is in"
                  .formatted(note, made)
              + " %s: move it back, and remove the note".formatted(root.resolve(lines.get(1))));
    }
    move(layout, made, root.resolve(lines.get(1)));
    return true;
  }

  /** Of one that was not begun. */
  static void forget(DataLayout layout) {
    try {
      Files.deleteIfExists(root(layout).resolve(NOTE));
    } catch (IOException e) {
      throw PluginException.retryable(
          "a note can't be removed: " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
    }
  }

  private static void move(DataLayout layout, Path made, Path aside) throws IOException {
    Path root = root(layout);
    for (Path each : List.of(layout.server(), layout.binaryLogs(), layout.relayLogs())) {
      if (Files.exists(each)) {
        Files.move(each, aside.resolve(each.getFileName()), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    Directories.flush(aside);
    Directories.flush(root);
    Files.move(made, layout.server(), StandardCopyOption.ATOMIC_MOVE);
    Directories.flush(root);
    Files.delete(root.resolve(NOTE));
    Directories.flush(root);
  }

  private static Path root(DataLayout layout) {
    return layout.server().resolveSibling("");
  }
}
