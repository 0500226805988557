package io.upm.agent;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.upm.agent.container.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The engine's log files in the container's log, whatever becomes of the agent. */
class LogsIT {
  /** Which files there are is asked every ten seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void everyLineStandsThereOnceAlsoWhenTheAgentDies() throws Exception {
    try (var pod = Pod.ready()) {
      Path log = pod.container().data().resolve("slow.log");
      append(log, "one\n");
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages(pod)).hasSize(1));

      Pod.kill(pod.container().agent());
      append(log, "two\n");
      Files.move(log, log.resolveSibling("slow.log.1"));
      append(log, "three\n");

      await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages(pod)).hasSize(3));
      assertThat(messages(pod))
          .satisfiesExactly(
              one -> assertThat(one).endsWith("\"source\":\"slow\",\"message\":\"one\"}"),
              two -> assertThat(two).endsWith("\"message\":\"two\"}"),
              three -> assertThat(three).endsWith("\"message\":\"three\"}"))
          .allSatisfy(line -> assertThat(line).contains("\"unit\":\"demo-0\""));
    }
  }

  private static void append(Path log, String text) throws IOException {
    Files.writeString(log, text, CREATE, APPEND);
  }

  private static List<String> messages(Pod pod) {
    return pod.container().output().lines().filter(line -> line.startsWith("{\"time\"")).toList();
  }
}
