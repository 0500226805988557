package io.upm.agent.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who waits for the engine to be started again. One thread only. */
final class Restarts {
  private final List<CompletableFuture<@Nullable Void>> waiting = new ArrayList<>();

  void add(CompletableFuture<@Nullable Void> one) {
    waiting.add(one);
  }

  boolean asked() {
    return !waiting.isEmpty();
  }

  void done() {
    waiting.forEach(one -> one.complete(null));
    waiting.clear();
  }

  void fail(String reason) {
    waiting.forEach(one -> one.completeExceptionally(new IllegalStateException(reason)));
    waiting.clear();
  }

  /**
   * A restart that the next step does not lead to fails, rather than coming by surprise at some
   * later time.
   *
   * @param lacking what is missing, if something is
   */
  void failUnlessLedTo(Step next, String lacking) {
    switch (next) {
      case REST, FINISH -> fail("the instance is to be stopped");
      case AWAIT_DOCUMENT, AWAIT_PLUGIN, WATCH -> fail(lacking);
      case PAUSE, CONFIGURE, INITIALIZE, START, STOP, AWAIT_STOP, KILL -> {
        // On the way.
      }
    }
  }
}
