package io.upm.runtime.topology;

import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starting informers that never give up. */
final class Informers {
  private static final Logger LOG = LoggerFactory.getLogger(Informers.class);

  private Informers() {}

  /** Starts an informer and returns when it has seen everything that is there. */
  static void start(SharedIndexInformer<?> informer) throws InterruptedException {
    informer.exceptionHandler((started, failure) -> {
      LOG.warn(
          "watching {} failed and is tried again: {}",
          informer.getApiTypeClass().getSimpleName(),
          failure.getMessage());
      return true;
    });
    try {
      informer.start().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("watching " + informer.getApiTypeClass(), e.getCause());
    }
  }
}
