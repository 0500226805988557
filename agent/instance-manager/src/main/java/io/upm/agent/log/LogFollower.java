package io.upm.agent.log;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
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

  private final Supplier<List<LogFile>> files;
  private final Path marks;
  private final LogRotation rotation;
  private final Output output;
  private final Map<Path, FollowedFile> followed = new HashMap<>();
  private final Map<Path, String> marked = new HashMap<>();
  private final Thread thread = Thread.ofVirtual().name("logs").unstarted(this::work);

  /**
   * Where lines go, and how.
   *
   * @param stream each line is written to it at once
   */
  public record Output(PrintStream stream, LogFormat format, Clock clock) {
    void write(LogFile file, byte[] line, boolean cut) throws IOException {
      byte[] bytes = format.of(file, line, cut, clock.instant());
      stream.write(bytes, 0, bytes.length);
    }
  }

  /**
   * @param files what is followed; asked again and again
   * @param marks directory where it is noted how far each was read
   */
  public LogFollower(
      Supplier<List<LogFile>> files, Path marks, LogRotation rotation, Output output) {
    this.files = files;
    this.marks = marks;
    this.rotation = rotation;
    this.output = output;
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
      List<LogFile> wanted = List.of();
      for (int round = 0; ; round++) {
        if (round % ROUNDS == 0) {
          wanted = files.get();
          rotation.look(wanted);
        }
        copy(wanted);
        Thread.sleep(INTERVAL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Copies what is new in all files. */
  void copy(List<LogFile> wanted) {
    followed.keySet().stream()
        .filter(path -> wanted.stream().noneMatch(file -> file.path().equals(path)))
        .toList()
        .forEach(this::forget);
    for (LogFile wish : wanted) {
      Path path = wish.path();
      try {
        FollowedFile file =
            followed.computeIfAbsent(path, fresh -> new FollowedFile(fresh, mark(fresh)));
        file.copyTo((line, cut) -> output.write(wish, line, cut));
        output.stream().flush();
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
      Path whole = file(path);
      Path fresh = Files.writeString(whole.resolveSibling(whole.getFileName() + ".new"), mark);
      Files.move(fresh, whole, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private Path file(Path path) {
    return marks.resolve(path.toString().replace('/', '_'));
  }
}
