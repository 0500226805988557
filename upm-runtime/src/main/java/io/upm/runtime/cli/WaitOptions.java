package io.upm.runtime.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** Whether and how long a command waits for what it began. */
final class WaitOptions {
  @Option(
      names = "--wait",
      paramLabel = "true|false",
      arity = "0..1",
      defaultValue = "true",
      fallbackValue = "true",
      description = "Waits until it is done, and tells how it goes; true when not given.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      defaultValue = "10m",
      description =
          "How long to wait, such as 90s or 10m (when not given). What was begun goes on"
              + " afterwards.")
  @SuppressWarnings("NullAway.Init") // it has a default
  private Duration timeout;

  boolean waits() {
    return wait;
  }

  Duration timeout() {
    return timeout;
  }
}
