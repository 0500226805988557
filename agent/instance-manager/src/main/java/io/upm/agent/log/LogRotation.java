package io.upm.agent.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps log files from filling their volume: one that has grown is renamed, in place of the one
 * before it, and the engine begins another. One thread only.
 */
public final class LogRotation {
  /** Of a file; there is a second one of each. */
  public static final long MOST = 64L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);

  private final long most;
  private final Engine engine;
  private final Set<Path> known = new HashSet<>();
  private boolean due;

  /** The engine that writes them. */
  public interface Engine {
    /** Whether it can begin them anew while it runs. */
    boolean rotates();

    /**
     * Has it do so.
     *
     * @return whether it did; if not, it writes on to the renamed ones
     */
    boolean reopen();
  }

  /**
   * @param most bytes in a file, from which on it is renamed
   */
  public LogRotation(long most, Engine engine) {
    this.most = most;
    this.engine = engine;
  }

  /** Looks at all files. */
  void look(List<LogFile> files) {
    for (LogFile file : files) {
      try {
        if (isLarge(file.path()) && engine.rotates()) {
          Files.move(file.path(), file.rotated(), StandardCopyOption.ATOMIC_MOVE);
          due = true;
        } else if (known.add(file.path())) {
          // Renamed by an agent that died before the engine knew?
          due |= !Files.exists(file.path()) && isLarge(file.rotated());
        }
      } catch (IOException e) {
        LOG.warn("{} can't be rotated: {}", file.path(), e.toString());
      }
    }
    if (due && engine.rotates()) {
      due = !engine.reopen();
    }
  }

  private boolean isLarge(Path file) throws IOException {
    return Files.exists(file) && Files.size(file) >= most;
  }
}
