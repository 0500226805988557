package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns errors into exceptions: JOSDK catches only exceptions, and after an error it would take the
 * object for under way for ever.
 */
public final class Guard {
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

  /** Exit code, as that of Java's own option for it. */
  private static final int OUT_OF_MEMORY = 3;

  private Guard() {}

  public static <T> T contain(HasMetadata object, Supplier<T> work) {
    try {
      return work.get();
    } catch (LinkageError | StackOverflowError | AssertionError e) {
      throw new IllegalStateException(
          "reconciling %s %s/%s failed"
              .formatted(
                  object.getKind(),
                  object.getMetadata().getNamespace(),
                  object.getMetadata().getName()),
          e);
    } catch (OutOfMemoryError e) {
      end();
      throw e;
    }
  }

  /**
   * Has the process end when one of its own threads runs out of memory: what that left half-done
   * nobody knows, and the kubelet starts it again. Calls of plugins are contained before this.
   */
  public static void endProcessWithoutMemory() {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
      if (failure instanceof OutOfMemoryError) {
        end();
      }
      if (before != null) {
        before.uncaughtException(thread, failure);
      } else {
        LOG.error("thread {} ended", thread.getName(), failure);
      }
    });
  }

  /** Nothing that needs memory, and no shutdown hooks: they need some, too. */
  private static void end() {
    Runtime.getRuntime().halt(OUT_OF_MEMORY);
  }
}
