package io.upm.spi.instance;

import java.time.Duration;

/** Runs short-lived programs beside the engine, as the engine's user. */
public interface ProcessRunner {
  /**
   * Runs a program to its end.
   *
   * @param spec what to run
   * @param input given to its standard input and then closed; the place for secrets
   * @param limit after that time the program is killed
   * @throws io.upm.spi.PluginException when it can't be started or did not end in time
   */
  Result run(ProcessSpec spec, byte[] input, Duration limit);

  /**
   * How a program ended.
   *
   * @param exitCode 0 for success; 128 plus the signal's number when it was killed
   * @param output what it wrote to standard output and standard error, the last 64 KiB
   */
  record Result(int exitCode, String output) {
    public boolean succeeded() {
      return exitCode == 0;
    }
  }
}
