package io.upm.runtime.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The control plane that this process of the tests has to itself. It is the first that no other
 * process holds, and not the one of this process's number: Maven's numbers go up to the most forks
 * that any module has had, and come in any order.
 */
final class OwnControlPlane {
  /** A process of tests that came before may be on its way out. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static @Nullable OwnControlPlane taken;

  private final String kubeconfig;

  /** Never given back: held for as long as the process lives. */
  @SuppressWarnings({"unused", "FieldCanBeLocal"})
  private final FileLock lock;

  private OwnControlPlane(String kubeconfig, FileLock lock) {
    this.kubeconfig = kubeconfig;
    this.lock = lock;
  }

  /** Takes one at the first call, and is the same at each other. */
  static synchronized String of(String... kubeconfigs) {
    if (taken == null) {
      taken =
          Awaitility.await("a control plane that no other process of tests holds")
              .atMost(PATIENCE)
              .until(() -> free(kubeconfigs), Optional::isPresent)
              .orElseThrow();
    }
    return taken.kubeconfig;
  }

  private static Optional<OwnControlPlane> free(String... kubeconfigs) {
    return Stream.of(kubeconfigs).flatMap(each -> tryTake(each).stream()).findFirst();
  }

  private static Optional<OwnControlPlane> tryTake(String kubeconfig) {
    try {
      // Not the file itself: whoever in this process reads and closes that would give up the lock.
      var channel =
          FileChannel.open(
              Path.of(kubeconfig + ".in-use"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        return Optional.empty();
      }
      return Optional.of(new OwnControlPlane(kubeconfig, lock));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
