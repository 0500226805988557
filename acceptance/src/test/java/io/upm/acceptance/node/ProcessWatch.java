package io.upm.acceptance.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Looks at arguments and environment of every process of this machine, and so of its nodes, again
 * and again: those that are to be found may live for moments only.
 */
final class ProcessWatch implements AutoCloseable {
  private static final Duration PACE = Duration.ofMillis(20);
  private static final Path PROC = Path.of("/proc");

  private final Marks marks;
  private final Set<String> spared;
  private final Set<String> found = new ConcurrentSkipListSet<>();
  private final Thread thread = Thread.ofPlatform().name("process watch").unstarted(this::watch);
  private final Map<Path, Integer> known = new HashMap<>();
  private final Set<String> programs = new ConcurrentSkipListSet<>();

  private ProcessWatch(Marks marks, Set<String> spared) {
    this.marks = marks;
    this.spared = spared;
  }

  /**
   * @param spared a process of the test's own that has a mark
   */
  static ProcessWatch of(Marks marks, long spared) {
    var watch = new ProcessWatch(marks, Set.of(Long.toString(spared)));
    watch.thread.start();
    return watch;
  }

  /** Which file of a process held whose secret. */
  Set<String> found() {
    return found;
  }

  /** Names of those whose arguments and environment were read. */
  Set<String> programs() {
    return programs;
  }

  private void watch() {
    try {
      while (true) {
        look();
        Thread.sleep(PACE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (!spared.contains(process.getFileName().toString())) {
          look(process);
        }
      }
    } catch (IOException e) {
      throw new AssertionError("processes", e);
    }
  }

  /** Once for each program that a process runs. */
  private void look(Path process) {
    try {
      byte[] arguments = Files.readAllBytes(process.resolve("cmdline"));
      if (!Integer.valueOf(Arrays.hashCode(arguments)).equals(known.get(process))) {
        note(process.resolve("cmdline"), arguments);
        note(process.resolve("environ"), Files.readAllBytes(process.resolve("environ")));
        programs.add(program(arguments));
        known.put(process, Arrays.hashCode(arguments));
      }
    } catch (IOException e) {
      // It has ended.
      known.remove(process);
    }
  }

  private static String program(byte[] arguments) {
    String path = new String(arguments, StandardCharsets.ISO_8859_1).split("\0", 2)[0];
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private void note(Path file, byte[] content) {
    for (String mark : marks.in(content)) {
      found.add(file + ": " + mark);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
