package io.upm.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.upm.spi.PluginException;
import io.upm.spi.instance.ProcessRunner.Result;
import io.upm.spi.instance.ProcessSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitedProcessRunnerTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir private Path directory;
  private final LimitedProcessRunner runner = new LimitedProcessRunner();

  @Test
  void givesInputAndReturnsBothOutputsAndTheExitCode() {
    Result result = run("cat; echo problem >&2; echo $VALUE; pwd; exit 3", "secret\n");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.output())
        .contains("secret\n", "problem\n", "of the program\n", directory.toString());
    assertThat(result.succeeded()).isFalse();
  }

  @Test
  void signalsCountAsInAShell() {
    assertThat(run("kill -KILL $$", "").exitCode()).isEqualTo(137);
  }

  @Test
  void keepsTheEndOfALongOutput() {
    Result result = run("head -c 200000 /dev/zero | tr '\\0' x; echo end", "");
    assertThat(result.output()).hasSize(64 << 10).endsWith("xxxend\n");
  }

  @Test
  void inputThatNobodyReadsDoesNotBlock() {
    assertThat(run("exit 0", "x".repeat(1 << 20)).succeeded()).isTrue();
  }

  @Test
  void programThatTakesTooLongIsKilledWithItsChildren() throws IOException {
    Path pid = directory.resolve("pid");
    assertThatThrownBy(() ->
            runner.run(shell("sleep 100 & echo $! >pid; wait"), new byte[0], Duration.ofSeconds(1)))
        .isInstanceOf(PluginException.class)
        .hasMessage("sh did not end within 1 s");
    long child = Long.parseLong(Files.readString(pid).strip());
    await()
        .until(
            () -> ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false),
            alive -> !alive);
  }

  @Test
  void interruptedProgramIsKilled() throws Exception {
    var failure = new AtomicReference<Throwable>();
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                run("touch up; exec sleep 100", "");
              } catch (PluginException e) {
                failure.set(e);
              }
            });
    await().until(() -> Files.exists(directory.resolve("up")));
    thread.interrupt();
    thread.join(LIMIT);
    assertThat(failure.get()).hasMessage("sh was interrupted");
  }

  @Test
  void missingProgramIsNamed() {
    var spec = new ProcessSpec(List.of("/no/such/program"), Map.of(), directory);
    assertThatThrownBy(() -> runner.run(spec, new byte[0], LIMIT))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("/no/such/program");
  }

  private Result run(String script, String input) {
    return runner.run(shell(script), input.getBytes(StandardCharsets.UTF_8), LIMIT);
  }

  private ProcessSpec shell(String script) {
    return new ProcessSpec(
        List.of("sh", "-c", script), Map.of("VALUE", "of the program"), directory);
  }
}
