package io.upm.agent.log;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies the engine's log files to the container's standard output, line by line. */
public final class LogFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);
  private static final Duration INTERVAL = Duration.ofMillis(500);

  /** Which files there are changes rarely, if ever. */
  private static final int ROUNDS = 20;

  private final Supplier<List<Path>> files;
  private final Path marks;
  private final PrintStream out;
  private final Map<Path, FollowedFile> followed = new HashMap<>();
  private final Map<Path, String> marked = new HashMap<>();
  private final Thread thread = Thread.ofVirtual().name("logs").unstarted(this::work);

  /**
   * @param files what is followed; asked again and again
   * @param marks directory where it is noted how far each was read
   */
  public LogFollower(Supplier<List<Path>> files, Path marks, PrintStream out) {
    this.files = files;
    this.marks = marks;
    this.out = out;
  }

  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void work() {
    try {
      List<Path> wanted = List.of();
      for (int round = 0; ; round++) {
        if (round % ROUNDS == 0) {
          wanted = files.get();
        }
        copy(wanted);
        Thread.sleep(INTERVAL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Copies what is new in all files. */
  void copy(List<Path> wanted) {
    followed.keySet().stream()
        .filter(path -> !wanted.contains(path))
        .toList()
        .forEach(this::forget);
    for (Path path : wanted) {
      try {
        FollowedFile file =
            followed.computeIfAbsent(path, fresh -> new FollowedFile(fresh, mark(fresh)));
        file.copyTo(out);
        note(path, file.mark());
      } catch (IOException e) {
        LOG.warn("{} can't be followed: {}", path, e.toString());
        forget(path);
      }
    }
  }

  private void forget(Path path) {
    FollowedFile file = followed.remove(path);
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        LOG.debug("{}: {}", path, e.toString());
      }
    }
  }

  private String mark(Path path) {
    try {
      return Files.exists(file(path)) ? Files.readString(file(path)) : "";
    } catch (IOException e) {
      return "";
    }
  }

  private void note(Path path, String mark) throws IOException {
    if (!mark.equals(marked.put(path, mark))) {
      Files.createDirectories(marks);
      Files.writeString(file(path), mark);
    }
  }

  private Path file(Path path) {
    return marks.resolve(path.toString().replace('/', '_'));
  }
}
