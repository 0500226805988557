package io.upm.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.upm.host.plugin.PluginKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class PushesTest {
  private final Pushes pushes = new Pushes();

  @TempDir private Path directory;

  @Test
  void lendsOneCopyInPartsThatFitAMessage() throws Exception {
    byte[] zip = new byte[200_000];
    new Random(1).nextBytes(zip);
    Path file = Files.write(directory.resolve("toy.zip"), zip);
    var engine = new FileEngine(new PluginKey("toy", "1.0.0", "ab".repeat(32)), file);

    List<ByteString> chunks = pushes.chunks(engine);

    assertThat(ByteString.copyFrom(chunks).toByteArray()).isEqualTo(zip);
    assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.size()).isLessThanOrEqualTo(64 << 10));
    assertThat(pushes.chunks(engine)).isSameAs(chunks);
  }

  @Test
  void letsAFewGoAtATime() throws Exception {
    var going = new AtomicInteger();
    var most = new AtomicInteger();
    var gate = new CountDownLatch(1);
    try (var agents = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < 40; i++) {
        all.add(
            agents.submit(() -> {
              try (Pushes.Turn turn = pushes.turn()) {
                most.accumulateAndGet(going.incrementAndGet(), Math::max);
                gate.await();
                going.decrementAndGet();
              }
              return null;
            }));
      }
      await().until(() -> going.get() == 6);
      await().during(Duration.ofMillis(200)).until(() -> going.get() == 6);
      gate.countDown();
      for (var each : all) {
        each.get();
      }
    }
    assertThat(most).hasValue(6);
    assertThat(going).hasValue(0);
  }
}
