package io.upm.agent.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SharedCallTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void everyCallAfterTheLastIsNew() throws Exception {
    var call = new SharedCall<>("test", calls::incrementAndGet, LONG);

    assertThat(call.get()).isEqualTo(1);
    assertThat(call.get()).isEqualTo(2);
  }

  @Test
  void whoAsksMeanwhileGetsTheSame() throws Exception {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var call =
        new SharedCall<>(
            "test",
            () -> {
              begun.countDown();
              goOn.await();
              return calls.incrementAndGet();
            },
            LONG);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> first = executor.submit(call::get);
      begun.await();
      var asked = new AtomicInteger();
      var others =
          Stream.generate(() ->
                  executor.submit(() -> {
                    asked.incrementAndGet();
                    return call.get();
                  }))
              .limit(50)
              .toList();
      Awaitility.await().until(() -> asked.get() == 50);
      goOn.countDown();

      assertThat(first.get()).isEqualTo(1);
      for (Future<Integer> other : others) {
        // One that was late by a hair made a call of its own.
        assertThat(other.get()).isBetween(1, 50);
      }
    }
  }

  @Test
  void oneThatHangsIsGivenUpAndNotJoinedByAnother() throws Exception {
    var release = new CountDownLatch(1);
    var call =
        new SharedCall<>(
            "test",
            () -> {
              boolean first = calls.incrementAndGet() == 1;
              while (first && release.getCount() > 0) {
                try {
                  release.await();
                } catch (InterruptedException e) {
                  // As code does that ignores it.
                  continue;
                }
              }
              return "done";
            },
            SHORT);

    assertThatThrownBy(call::get).isInstanceOf(TimeoutException.class);
    assertThatThrownBy(call::get).isInstanceOf(TimeoutException.class);
    assertThat(calls).hasValue(1);

    release.countDown();
    Awaitility.await().ignoreExceptions().until(() -> call.get().equals("done"));
  }

  @Test
  void whatItThrowsIsThrown() {
    var call =
        new SharedCall<String>(
            "test",
            () -> {
              throw new StackOverflowError("deep");
            },
            LONG);

    assertThatThrownBy(call::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(StackOverflowError.class);
  }
}
