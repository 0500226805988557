package io.upm.runtime.testing;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The death of a process in the middle of its writes, as the API server sees it: after the n-th
 * write nothing more comes. Either that write never arrived, or it did and nobody read the answer.
 */
public final class Mortality implements Interceptor {
  private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE");

  private final AtomicInteger left;
  private final boolean answerLost;
  private final CountDownLatch dead = new CountDownLatch(1);
  private volatile @Nullable HttpRequest last;

  /**
   * @param writes which write is the last; what is sent for the lease doesn't count
   * @param answerLost whether it arrives
   */
  public Mortality(int writes, boolean answerLost) {
    this.left = new AtomicInteger(writes);
    this.answerLost = answerLost;
  }

  /** Waits for the death; false when it doesn't come in time. */
  public boolean awaitDeath(Duration limit) throws InterruptedException {
    return dead.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (dead.getCount() == 0 || last != null) {
      throw gone();
    }
    if (!isWrite(request) || left.decrementAndGet() != 0) {
      return;
    }
    if (answerLost) {
      last = request;
    } else {
      dead.countDown();
      throw gone();
    }
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    HttpRequest awaited = last;
    if (awaited != null && awaited.uri().equals(request.uri())) {
      dead.countDown();
      throw gone();
    }
  }

  /** The lease isn't what the runtime works at, and a question about rights changes nothing. */
  private static boolean isWrite(HttpRequest request) {
    String path = request.uri().getPath();
    return WRITES.contains(request.method())
        && !path.contains("/leases")
        && !path.startsWith("/apis/authorization.k8s.io/");
  }

  private static KubernetesClientException gone() {
    return new KubernetesClientException("this process is dead");
  }
}
